"""PgBouncer for the tests that put one in front of PostgreSQL: the machine's own, else Debian's, unpacked and not installed."""

import shutil
from pathlib import Path

from . import debian
from .binaries import machine_allowed
from .messages import Failure, say
from .places import Places

LIBRARIES = ("libc-ares2", "libevent-2.1-7")
"""What Debian's PgBouncer needs and a machine may not have."""
STARTER = "run"


def program(where: Places) -> Path | None:
    """None where there is none, or it was not fetched yet."""
    found = shutil.which("pgbouncer") if machine_allowed() else None
    if found:
        return Path(found)
    starter = where.base / debian.FOLDER / "pgbouncer" / STARTER
    return starter if starter.exists() else None


def fetch(where: Places) -> None:
    """Where it cannot be had, only its own tests fail, and say so."""
    if program(where):
        return
    try:
        root = debian.unpacked(where, "pgbouncer")
        folders = {file.parent for name in LIBRARIES for file in debian.unpacked(where, name).rglob("*.so.*")}
    except Failure as failure:
        say(f"no PgBouncer for the tests: {failure}")
        return
    path = ":".join(sorted(map(str, folders)))
    draft = root / "draft"
    draft.write_text(f'#!/bin/sh\nLD_LIBRARY_PATH={path} exec {root}/usr/sbin/pgbouncer "$@"\n', encoding="utf-8")
    draft.chmod(0o755)
    draft.rename(root / STARTER)
