"""The tool as it stands in a clone of the repository, run as people run it."""

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from local_services import owner, ports, wheels
from local_services.places import Places

TOOL = Path(__file__).resolve().parents[1]
COMMAND_SECONDS_MAX = 300


class Clone:
    """A copy of the tool, with data and ports of its own. Only the downloaded servers are shared."""

    def __init__(self, test: unittest.TestCase, user: str | None = None, parent: Path | None = None) -> None:
        self.user = user
        self.root = Path(tempfile.mkdtemp(prefix="posthorn-test-", dir=parent or "/var/tmp"))
        self.root.chmod(0o755)
        test.addCleanup(shutil.rmtree, self.root)
        shutil.copytree(TOOL, self.root / "deploy" / "local", ignore=shutil.ignore_patterns("__pycache__", "tests"))
        self.local = self.root / ".local"
        self.local.mkdir()
        (self.local / "wheels").symlink_to(downloaded_servers())
        if user:
            for path in (self.root, self.local):
                os.chown(path, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        self.variables = {
            "POSTHORN_LOCAL_PG_PORT": str(ports.any_free()),
            "POSTHORN_LOCAL_NATS_PORT": str(ports.any_free()),
        }
        test.addCleanup(self.clean)

    def command(self, *arguments: str, program: str = "services", **variables: str) -> subprocess.Popen[str]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("POSTHORN_")}
        return subprocess.Popen(
            [_python(self.user), self.root / "deploy" / "local" / program, *arguments],
            env=environment | {"PYTHONDONTWRITEBYTECODE": "1"} | self.variables | variables,
            cwd="/",
            user=self.user,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, program: str = "services", **variables: str) -> subprocess.CompletedProcess[str]:
        return finish(self.command(*arguments, program=program, **variables))

    def start(self, *arguments: str, **variables: str) -> str:
        """What it says; it must succeed."""
        return self._succeed("start", *arguments, **variables)

    def stop(self, *arguments: str) -> str:
        return self._succeed("stop", *arguments)

    def environment(self, *arguments: str) -> dict[str, str]:
        finished = self.run("env", *arguments)
        assert finished.returncode == 0, finished.stderr
        return dict(line.split("=", 1) for line in finished.stdout.splitlines())

    def pids(self, *arguments: str) -> dict[str, int]:
        """The pid of each server that runs."""
        lines = self.run("status", *arguments).stdout
        return {name: int(pid) for name, pid in re.findall(r"^\S+ +(\S+) .*pid (\d+)", lines, re.MULTILINE)}

    def clean(self) -> None:
        wheels_link = self.local / "wheels"
        wheels_link.unlink(missing_ok=True)  # shared: not this clone's to delete
        self._succeed("clean", "--all")

    def _succeed(self, *arguments: str, **variables: str) -> str:
        finished = self.run(*arguments, **variables)
        assert finished.returncode == 0, f"{arguments}: {finished.stderr}"
        return finished.stderr


def finish(command: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    output, errors = command.communicate(timeout=COMMAND_SECONDS_MAX)
    return subprocess.CompletedProcess(command.args, command.returncode, output, errors)


def downloaded_servers() -> Path:
    """The wheels of the real clone, so that no test downloads what another one has."""
    places, caller = Places(), owner.of_servers(TOOL)
    for name in ("postgres", "nats"):
        environment = wheels.install(places, name, caller)
    return environment.parent


def _python(user: str | None) -> str:
    """This interpreter may lie where another user cannot go."""
    if user is None:
        return sys.executable
    for path in (sys.executable, "/usr/bin/python3"):
        try:
            if subprocess.run([path, "-c", ""], user=user, cwd="/", check=False).returncode == 0:
                return path
        except OSError:
            continue
    raise unittest.SkipTest(f"no Python that {user} can run")
