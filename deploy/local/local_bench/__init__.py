"""Posthorn's figures on this machine: servers with durable settings, both services, and `posthorn bench` against them.

Who takes part: `local_services` runs PostgreSQL and nats-server as the instance `bench`, made anew for each run.
cluster.py runs one posthorn-api and as many posthorn-deliverers as a group of scenarios wants. plan.py says which
scenarios belong together, cli.py runs them and has `posthorn bench merge` print the medians. All arithmetic is there.
"""
