"""PostgreSQL and nats-server as background processes of a plain machine.

Who takes part: an *instance* (`dev`, `test`, any name) is one PostgreSQL and one nats-server with their data,
ports and passwords, in one folder. A *server* (postgres.py, nats.py) knows how to prepare its data, what to run
and when it answers. daemon.py starts, finds and stops a server; cli.py is what people type.

What holds: `start` ends with both servers answering, or leaves running only what ran before it. A process is
signalled only when its command line names our own data, so a recycled pid is never hit. Commands that change an
instance take its lock, so two at once are one after the other.

Not guaranteed: these servers are for one developer's machine. They listen on loopback only, without TLS.
"""
