"""A PostgreSQL, and a standby that follows it and can take its place."""

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

from local_services import daemon, ports, postgres
from local_services.messages import Failure
from local_services.owner import Owner
from local_services.settings import Settings
from local_services.waiting import wait_until

from . import faketime

PROMOTED_SECONDS_MAX = 60
FOLLOWING_SECONDS_MAX = 60


class Database:
    def __init__(self, folder: Path, owner: Owner, program: Path) -> None:
        self.folder = folder
        self.owner = owner
        self.program = program
        self.settings = Settings("drill", durable=True, pg_port=None, nats_port=None, nats_monitor_port=None)
        self.primary = self._server(folder)
        self.standby: ClockedPostgres | None = None

    def start(self) -> None:
        self.primary.port = daemon.start(self.primary).port
        self.primary.make_database(self.port)

    @property
    def port(self) -> int:
        """Of the one that takes writes."""
        assert self.primary.port is not None
        return self.primary.port

    def url(self, port: int) -> str:
        """For the services, which may be on a line."""
        return postgres.url(self.folder, postgres.APPLICATION, postgres.APPLICATION, port)

    def kill(self) -> None:
        """`kill -9` of the server and all its processes, as the kernel does when memory is out."""
        kill(self.primary.daemon)

    def restart(self, clock_seconds: int) -> None:
        """With a clock that is so many seconds ahead of the machine's."""
        daemon.stop(self.primary.daemon)
        self.primary.clock_seconds = clock_seconds
        self.start_again()

    def start_again(self) -> None:
        # Processes of its former life may still be ending, and hold its memory.
        if not wait_until(self._starts, PROMOTED_SECONDS_MAX):
            raise Failure("PostgreSQL does not start again")

    def _starts(self) -> bool:
        with contextlib.suppress(Failure):
            daemon.start(self.primary)
            return True
        return False

    def add_standby(self) -> None:
        folder = self.folder / "standby"
        folder.mkdir(mode=0o711)
        shutil.copy(self.folder / "postgres.password", folder)
        standby = self._server(folder)
        # Its parent's mode lets it pass, not write.
        standby.data.mkdir(mode=0o700)
        self.owner.give(standby.data)
        command: list[str | Path] = [self.program.parent / "pg_basebackup", "-D", standby.data]
        command += ["--write-recovery-conf", "--checkpoint=fast", "-h", ports.LOOPBACK, "-p", str(self.port)]
        arguments = self.owner.process_arguments()
        secret = {"PGUSER": postgres.SUPERUSER, "PGPASSWORD": postgres.password(self.folder, postgres.SUPERUSER)}
        arguments["env"] = arguments["env"] | secret
        made = subprocess.run(command, **arguments, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise Failure(f"pg_basebackup failed:\n{made.stderr.strip()}")
        standby.port = daemon.start(standby).port
        following = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        if not wait_until(lambda: self.query(following) == "1", FOLLOWING_SECONDS_MAX):
            raise Failure("the standby does not follow")
        # An acknowledged commit is on both: what a fail-over without loss asks for.
        self.query("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.query("SELECT pg_reload_conf()")
        self.standby = standby

    def fail_over(self) -> None:
        """The primary is gone for good, and the standby takes its place."""
        assert self.standby is not None
        self.primary, self.standby = self.standby, None
        self.query("SELECT pg_promote()")
        if not wait_until(lambda: self.query("SELECT pg_is_in_recovery()") == "f", PROMOTED_SECONDS_MAX):
            raise Failure("the standby was not promoted")

    def query(self, text: str, database: str = postgres.MAINTENANCE_DATABASE) -> str:
        variables = {
            "PGHOST": ports.LOOPBACK,
            "PGPORT": str(self.port),
            "PGUSER": postgres.SUPERUSER,
            "PGPASSWORD": postgres.password(self.folder, postgres.SUPERUSER),
            "PGDATABASE": database,
            "PGCONNECT_TIMEOUT": "5",
        }
        command = [self.program.parent / "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]
        finished = subprocess.run(
            [*command, "--command", text],
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return finished.stdout.strip()

    def stop(self) -> None:
        for server in (self.standby, self.primary):
            if server:
                daemon.stop(server.daemon)

    def _server(self, folder: Path) -> "ClockedPostgres":
        return ClockedPostgres(folder, self.settings, self.owner, self.program)


class ClockedPostgres(postgres.Postgres):
    """One whose time of day may be wrong. What counts seconds is right."""

    clock_seconds = 0

    def process_arguments(self) -> dict[str, Any]:
        arguments = super().process_arguments()
        if self.clock_seconds:
            arguments["env"] = arguments["env"] | faketime.variables(self.clock_seconds)
        return arguments


def kill(one: daemon.Daemon) -> None:
    """`kill -9`, and waits until it is gone."""
    running = daemon.find(one)
    if running is None:
        raise Failure(f"{one.name} does not run")
    os.kill(running.pid, signal.SIGKILL)
    if not wait_until(lambda: not daemon.runs(running.pid, one.marker), 10):
        raise Failure(f"{one.name} outlives a kill -9")
