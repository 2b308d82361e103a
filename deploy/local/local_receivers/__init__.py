"""Deliveries to the servers that receivers really run, across their idle time-outs and graceful reloads.

`servers` starts one of each, `exercise` sends events to it in bursts and counts what came, `report` writes the table of
docs/receivers.md, and `cli` puts them together.
"""
