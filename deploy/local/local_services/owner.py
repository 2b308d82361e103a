"""The user that the servers run as.

PostgreSQL refuses to run as root, and nats-server has no need to. So root drops to `postgres` where that user
exists, else to `nobody`; anybody else runs the servers as themselves.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .messages import Failure

ROOT_DROPS_TO = ("postgres", "nobody")


@dataclass(frozen=True)
class Owner:
    uid: int
    gid: int
    name: str

    @property
    def is_caller(self) -> bool:
        return self.uid == os.geteuid()

    def process_arguments(self) -> dict[str, Any]:
        """What `subprocess` needs to run something as this user."""
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
        arguments: dict[str, Any] = {"cwd": "/", "env": environment, "stdin": subprocess.DEVNULL}
        if not self.is_caller:
            arguments |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return arguments

    def can_enter(self, folder: Path) -> bool:
        """Asked of the system itself, so that access lists and odd mounts count too."""
        shell = ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]
        return subprocess.run(shell, **self.process_arguments(), capture_output=True, check=False).returncode == 0

    def give(self, path: Path) -> None:
        if not self.is_caller:
            os.chown(path, self.uid, self.gid)


def of_caller() -> Owner:
    return _owner(pwd.getpwuid(os.geteuid()))


def of_servers(data: Path) -> Owner:
    """Data that exists stays with the user that made it."""
    if os.geteuid() != 0:
        return of_caller()
    if data.exists() and data.stat().st_uid != 0:
        return _owner(pwd.getpwuid(data.stat().st_uid))
    for name in ROOT_DROPS_TO:
        try:
            return _owner(pwd.getpwnam(name))
        except KeyError:
            continue
    raise Failure(f"servers do not run as root, and this machine has none of the users {', '.join(ROOT_DROPS_TO)}")


def _owner(entry: pwd.struct_passwd) -> Owner:
    return Owner(entry.pw_uid, entry.pw_gid, entry.pw_name)
