"""Posthorn as a newcomer meets it: one command from a clone to deliveries that are seen arriving.

Who takes part: `local_services` runs PostgreSQL and nats-server. build.py makes the binaries, keys.py the two keys,
service.py runs posthorn-api and posthorn-deliverer as daemons of the same kind as the servers. stack.py starts all of
it in order and stops it in the opposite order. demo.py publishes samples to a `posthorn listen` that verifies them.

What holds: one `run` at a time for each instance (claim.py). However it ends, everything that it started ends with it;
after `kill -9` the next `run` or `stop` ends what was left behind. Servers that ran before are left running.
"""
