"""PostgreSQL: a cluster with passwords from the first moment, on loopback TCP only."""

import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

from . import ports, scram
from .binaries import Version
from .daemon import Daemon, Stop, runs
from .messages import Failure, say
from .owner import Owner
from .settings import PG_PORT_VARIABLE, Settings

STOPS = (
    Stop(signal.SIGINT, 30),  # fast: ends the sessions, then writes a checkpoint
    Stop(signal.SIGQUIT, 10),  # immediate: recovers at the next start
    Stop(signal.SIGKILL, 5),
)

SUPERUSER = "postgres"
MAINTENANCE_DATABASE = "postgres"
APPLICATION = "posthorn"
"""The role that the services use, and the database that it owns: nothing of theirs may need a superuser."""

CONNECT_SECONDS_MAX = 5

COMMON = """\
listen_addresses = '127.0.0.1'
unix_socket_directories = ''          # one way in, and it asks for a password
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%d '

# Sized for two cores that also run the services and their load.
max_connections = 300                 # several services with a pool each, and tests that run side by side
shared_buffers = '256MB'
wal_compression = on
max_wal_size = '2GB'
checkpoint_completion_target = 0.9
random_page_cost = 1.1                # solid-state disk
"""

DURABLE = """
# A developer's data survives a power cut.
fsync = on
synchronous_commit = on
full_page_writes = on
"""

DISPOSABLE = """
# Tests make their databases anew each time, so only speed counts. A killed server still recovers from its log;
# only a crash of the whole machine would lose or tear data, and that data is worth nothing.
fsync = off                           # no waiting for the disk
synchronous_commit = off              # no waiting for the log at each commit
full_page_writes = off                # torn pages come from machine crashes alone
max_wal_size = '512MB'                # it may lie in memory
"""


def daemon(instance_folder: Path) -> Daemon:
    return Daemon("postgres", instance_folder, data_folder(instance_folder), STOPS)


def data_folder(instance_folder: Path) -> Path:
    return instance_folder / "postgres"


def data_version(instance_folder: Path) -> Version | None:
    """The major version that made the data; None if there is none yet."""
    try:
        return (int((data_folder(instance_folder) / "PG_VERSION").read_text(encoding="ascii")),)
    except FileNotFoundError:
        return None


def url(instance_folder: Path, role: str, database: str, port: int) -> str:
    return f"postgres://{role}:{password(instance_folder, role)}@{ports.LOOPBACK}:{port}/{database}"


def password(instance_folder: Path, role: str) -> str:
    try:
        return _password_file(instance_folder, role).read_text(encoding="ascii")
    except FileNotFoundError as error:
        raise Failure(f"{error.filename} is missing: run `clean` and start anew; the data is lost with it") from error


def _password_file(instance_folder: Path, role: str) -> Path:
    return instance_folder / f"{role}.password"


class Postgres:
    port_variable = PG_PORT_VARIABLE

    def __init__(self, folder: Path, settings: Settings, owner: Owner, program: Path) -> None:
        self.daemon = daemon(folder)
        self.folder = folder
        self.data = data_folder(folder)
        self.owner = owner
        self.port = settings.pg_port
        self.durable = settings.durable
        self.programs = program.parent

    def prepare(self, port: int) -> list[str | Path]:
        if data_version(self.folder) is None:
            self._make_cluster()
        self._forget_recycled_pid()
        configuration = self.folder / "postgresql.conf"
        configuration.write_text(f"port = {port}\n{COMMON}{DURABLE if self.durable else DISPOSABLE}", encoding="ascii")
        configuration.chmod(0o644)
        return [self.programs / "postgres", "-D", self.data, "-c", f"config_file={configuration}"]

    def process_arguments(self) -> dict[str, Any]:
        return self.owner.process_arguments()

    def is_ready(self, port: int) -> bool:
        return self._psql(port, "SELECT 1;").returncode == 0

    def make_database(self, port: int) -> None:
        """The role and the database of the services, at the first start."""
        name, secret = APPLICATION, self._new_password(APPLICATION)
        finished = self._psql(
            port,
            f"SELECT 'CREATE ROLE {name} LOGIN'"
            f" WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec\n"
            f"ALTER ROLE {name} PASSWORD '{scram.verifier(secret)}';\n"
            f"SELECT 'CREATE DATABASE {name} OWNER {name}'"
            f" WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \\gexec\n",
        )
        if finished.returncode != 0:
            raise Failure(f"cannot make the database {name}: {finished.stderr.strip()}")

    def _make_cluster(self) -> None:
        """In a folder beside, which gets its name when it is complete: no half of a cluster ever has it."""
        say(f"making a PostgreSQL cluster with {self.programs / 'initdb'}")
        draft = self.folder / "postgres.draft"
        secret = self.folder / "initdb.password"
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        self.owner.give(draft)
        try:
            _write_private(secret, scram.verifier(self._new_password(SUPERUSER)))
            self.owner.give(secret)
            command: list[str | Path] = [self.programs / "initdb", "-D", draft]
            command += ["--username", SUPERUSER, "--pwfile", secret, "--auth", "scram-sha-256"]
            command += ["--encoding", "UTF8", "--locale", "C"]  # strings sort the same on every machine
            if not self.durable:
                command.append("--no-sync")
            made = subprocess.run(
                command, **self.owner.process_arguments(), capture_output=True, text=True, check=False
            )
        finally:
            secret.unlink(missing_ok=True)
        if made.returncode != 0:
            raise Failure(f"initdb failed:\n{(made.stdout + made.stderr).strip()}")
        draft.rename(self.data)

    def _forget_recycled_pid(self) -> None:
        """PostgreSQL refuses to start while the pid of its last life exists, even as another program's."""
        file = self.data / "postmaster.pid"
        if not file.exists():
            return
        pid = file.read_text(encoding="ascii").split("\n", 1)[0]
        # Without this file nothing would keep two servers from writing the same data.
        if pid.isdecimal() and runs(int(pid), self.data):
            raise Failure(f"a PostgreSQL that `start` has no record of runs {self.data}: end it with `kill -INT {pid}`")
        file.unlink()

    def _new_password(self, role: str) -> str:
        """Kept from the first start on."""
        file = _password_file(self.folder, role)
        if not file.exists():
            draft = self.folder / "new.password"
            _write_private(draft, secrets.token_hex(16))
            draft.rename(file)
        return file.read_text(encoding="ascii")

    def _psql(self, port: int, script: str) -> subprocess.CompletedProcess[str]:
        """The script goes through standard input, so that no password is seen in a list of processes."""
        environment = {
            "PGHOST": ports.LOOPBACK,
            "PGPORT": str(port),
            "PGUSER": SUPERUSER,
            "PGDATABASE": MAINTENANCE_DATABASE,
            "PGPASSWORD": password(self.folder, SUPERUSER),
            "PGCONNECT_TIMEOUT": str(CONNECT_SECONDS_MAX),
            "LC_ALL": "C",
        }
        return subprocess.run(
            [self.programs / "psql", "--no-psqlrc", "--quiet", "--no-password", "--set", "ON_ERROR_STOP=1"],
            input=script,
            env=environment,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )


def _write_private(file: Path, text: str) -> None:
    """Nobody else can read it, not even for the moment between its making and a change of its mode."""
    file.unlink(missing_ok=True)
    file.touch(mode=0o600, exist_ok=False)
    file.write_text(text, encoding="ascii")
