"""What decides the figures besides the machine, and what the work has left behind."""

import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from local_services import daemon, nats, postgres
from local_services.places import REPOSITORY

SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_compression", "shared_buffers")

TABLE_SIZES = """
SELECT coalesce(parent.relname, c.relname) AS name,
       pg_size_pretty(sum(pg_total_relation_size(c.oid))) AS size
FROM pg_class c
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
LEFT JOIN pg_class parent ON parent.oid = i.inhparent
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
GROUP BY 1 ORDER BY sum(pg_total_relation_size(c.oid)) DESC LIMIT 12;
"""


def notes(database_url: str, folder: Path, profile: str) -> dict[str, str]:
    """Settings of both servers, and what was built from which commit."""
    found = {"profile": profile, "commit": commit()}
    for setting in SETTINGS:
        found[f"postgres {setting}"] = query(database_url, folder, f"SHOW {setting};")
    if running := daemon.find(nats.daemon(folder)):
        found["nats-server"] = _output([str(running.program), "--version"])
        # Its default: what is acknowledged is with the kernel, and on the disk within this time.
        found["nats-server sync_interval"] = "2m"
    return {name: value for name, value in found.items() if value}


def commit() -> str:
    return _output(["git", "describe", "--always", "--dirty"])


def query(database_url: str, folder: Path, text: str) -> str:
    running = daemon.find(postgres.daemon(folder))
    if running is None:
        return ""
    psql = running.program.parent / "psql"
    url = urlsplit(database_url)
    # Through the environment, so that no list of processes shows the password.
    variables = {
        "PGHOST": url.hostname or "",
        "PGPORT": str(url.port),
        "PGUSER": url.username or "",
        "PGPASSWORD": url.password or "",
        "PGDATABASE": url.path.removeprefix("/"),
    }
    command = [psql, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator", "  "]
    return _output([*map(str, command), "--command", text], {**os.environ, **variables})


def _output(command: list[str], variables: dict[str, str] | None = None) -> str:
    finished = subprocess.run(
        command, cwd=REPOSITORY, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return finished.stdout.strip() if finished.returncode == 0 else ""
