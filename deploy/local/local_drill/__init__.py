"""Posthorn under faults: a cluster, a load that does not let go, and everything broken in turn.

Who takes part: world.py starts all there is, each part knowing one thing: nats_node.py a nats-server of a cluster of
three, database.py a PostgreSQL with a standby, services.py the replicas of both services, link.py the lines between
them, prometheus.py who watches. `posthorn bench drill` (load.py) publishes, receives and accounts. faults/ says what is
broken and how, as data. conductor.py goes through them, verdict.py decides, and report.py writes docs/reliability.md.

What holds: the drill fails when an accepted event is neither delivered nor a dead letter, and when an alert fires that
no fault explains or one does not that should. It never fails because something is slow.

Not covered: the loss of a whole machine with what its disk had not written. That is a matter of `sync_interval`, which
docs/reliability.md explains.
"""
