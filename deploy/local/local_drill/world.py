"""All that runs in a drill, up in order and down in the opposite order."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local_run import keys, service
from local_services import binaries, daemon, owner, places, ports
from local_services.messages import Failure, say
from local_services.waiting import wait_until

from . import nats_node
from .database import Database
from .link import Lines, Link
from .load import Load
from .nats_node import Node
from .services import Ground, Replica

APIS, DELIVERERS = 2, 3
FILE_BYTES_BASE = 256 * 1024 * 1024
FILE_BYTES_PER_EVENT = 2_500
"""What an event may take on each node, the log of the cluster included."""
WHOLE_SECONDS_MAX = 120


@dataclass(frozen=True)
class Shape:
    """What differs from drill to drill."""

    rate: int
    seconds: float
    nodes: int = 3
    """Of NATS, and copies of each stream."""
    sync_always: bool = False
    """Whether NATS waits for the disk before it acknowledges."""
    fronted: bool = False
    """Whether publishers reach only apis that are ready, as behind a load balancer."""


@dataclass
class World:
    folder: Path
    nodes: list[Node]
    database: Database
    apis: list[Replica]
    deliverers: list[Replica]
    api_ground: Ground
    deliverer_ground: Ground
    receiver_line: Link
    load: Load
    fronts: dict[str, Link]
    """Where publishers reach each api, if not directly."""

    def node(self, name: str | None) -> Node:
        for node in self.nodes:
            if node.name == name:
                return node
        raise Failure(f"no node is {name}")

    def wait_whole(self) -> None:
        if not wait_until(lambda: nats_node.is_whole(self.nodes), WHOLE_SECONDS_MAX):
            raise Failure(f"the cluster of NATS is not whole after {WHOLE_SECONDS_MAX} s")


@contextlib.contextmanager
def running(where: places.Places, instance: str, programs: dict[str, Path], shape: Shape) -> Iterator[World]:
    with contextlib.ExitStack() as undo:
        servers_owner = owner.of_servers(where.existing(instance))
        folder = where.folder(instance, servers_owner)
        keys.make_missing(folder)
        lines = Lines()
        undo.callback(lines.close)

        database = Database(folder, servers_owner, binaries.postgres(where, servers_owner, None))
        undo.callback(database.stop)
        database.start()
        database.add_standby()

        nodes = _cluster(folder, servers_owner, binaries.nats_server(where, servers_owner), shape, undo)

        grounds = [Ground.laid(lines, nodes, database) for _ in range(2)]
        replicas = []
        for kind, count, ground in zip((service.API, service.DELIVERER), (APIS, DELIVERERS), grounds, strict=True):
            made = [Replica(f"{kind}-{n}", programs[kind], ground, folder, database) for n in range(1, count + 1)]
            for replica in made:
                undo.callback(replica.stop)
                replica.start()
            replicas.append(made)

        receiver_port = ports.any_free()
        receiver_line = lines.add(receiver_port)
        fronts = {api.name: lines.add(api.address.port) for api in replicas[0] if shape.fronted}
        reached = [f"http://{front.address}" for front in fronts.values()] or [api.address.url for api in replicas[0]]
        arguments = ["--api-url", ",".join(reached), "--rate", str(shape.rate)]
        arguments += ["--receiver-listen", f"{ports.LOOPBACK}:{receiver_port}"]
        arguments += ["--receiver-url", f"http://{receiver_line.address}/"]
        load = Load(programs["posthorn"], arguments, keys.admin(folder), folder / "load.log")
        undo.callback(load.end)
        yield World(folder, nodes, database, *replicas, *grounds, receiver_line, load, fronts)


def _cluster(
    folder: Path, servers_owner: owner.Owner, program: Path, shape: Shape, undo: contextlib.ExitStack
) -> list[Node]:
    file_bytes = FILE_BYTES_BASE + int(shape.rate * shape.seconds) * FILE_BYTES_PER_EVENT
    numbers = range(1, shape.nodes + 1)
    nodes = [Node(n, folder, servers_owner, program, file_bytes, shape.sync_always) for n in numbers]
    for node in nodes:
        node.peers = [peer for peer in nodes if peer is not node]
        undo.callback(daemon.stop, node.daemon)
        daemon.start(node)
    say(f"nats-servers: {shape.nodes}, {file_bytes // 1024 // 1024} MiB of JetStream each")
    return nodes
