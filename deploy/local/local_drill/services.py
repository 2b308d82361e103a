"""The replicas of both services, each kind on lines of its own to everything that it needs."""

from dataclasses import dataclass, field
from pathlib import Path

from local_run import keys, service
from local_services import daemon, ports

from .database import Database, kill
from .link import Lines, Link
from .nats_node import Node

STRANDED_AFTER_SECONDS = 30
"""After which a delivery that lost its message is handed over again. The default of ten minutes is longer than a drill."""


@dataclass
class Ground:
    """The lines of one kind of service."""

    nats: list[Link]
    database: Link

    @classmethod
    def laid(cls, lines: Lines, nodes: list[Node], database: Database) -> "Ground":
        return cls([lines.add(node.port or 0) for node in nodes], lines.add(database.port))


@dataclass
class Replica:
    """One process of a service. A restart keeps its address."""

    name: str
    program: Path
    ground: Ground
    folder: Path
    database: Database
    extra: dict[str, str] = field(default_factory=dict)
    """Variables on top, such as a clock that is wrong."""

    def __post_init__(self) -> None:
        self.address = service.Address(ports.LOOPBACK, ports.any_free())
        self.kind = self.name.rsplit("-", 1)[0]
        self.use_master_key(keys.master_file(self.folder))

    def start(self, ready_path: str = service.READY_PATH) -> None:
        """Waits until this path of it answers 200."""
        servers = {
            "POSTHORN_NATS_URL": ",".join(f"nats://{link.address}" for link in self.ground.nats),
            "POSTHORN_DATABASE_URL": self.database.url(self.ground.database.port),
        }
        variables = service.variables(self.kind, self.address, self.folder, servers)
        variables |= {
            "POSTHORN_STREAM_REPLICAS": str(len(self.ground.nats)),
            "POSTHORN_STRANDED_AFTER_SECONDS": str(STRANDED_AFTER_SECONDS),
        } | self.extra
        made = service.Service(self.kind, self.folder, self.program, self.address, variables)
        made.daemon = self.daemon
        made.ready_path = ready_path
        daemon.start(made)

    def is_ready(self) -> bool:
        return service.answers(self.address, service.READY_PATH)

    def use_master_key(self, file: Path) -> None:
        """From its next start on."""
        self.daemon = daemon.Daemon(self.name, self.folder, file, service.STOPS)

    def stop(self) -> None:
        daemon.stop(self.daemon)

    def kill(self) -> None:
        kill(self.daemon)
