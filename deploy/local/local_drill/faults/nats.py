"""Nodes of NATS, the leader among them, and their disks' quota."""

import contextlib
import json
from collections.abc import Iterator

from local_services import daemon
from local_services.messages import Failure
from local_services.waiting import wait_until

from .. import nats_node, nats_wire
from ..database import kill
from ..nats_node import Node
from ..world import World
from .fault import Fault

LEADER_SECONDS_MAX = 60
BALLAST = "BALLAST"
BALLAST_BYTES = (900_000, 50_000, 1_000)
"""One size after the other: what is left is too little for an event."""

UNACKNOWLEDGED = "acknowledgements of finished events were lost with the connection or the leader"


def _leader(world: World) -> Node:
    found: list[str] = []

    def known() -> bool:
        if name := nats_node.leader(world.nodes):
            found.append(name)
        return bool(found)

    if not wait_until(known, LEADER_SECONDS_MAX):
        raise Failure("the events have no leader")
    return world.node(found[0])


@contextlib.contextmanager
def _killed(world: World, node: Node) -> Iterator[None]:
    kill(node.daemon)
    yield
    daemon.start(node)
    world.wait_whole()


def _follower(number: int, world: World) -> contextlib.AbstractContextManager[None]:
    leader = _leader(world)
    followers = [node for node in world.nodes if node is not leader]
    return _killed(world, followers[number])


@contextlib.contextmanager
def _full(world: World) -> Iterator[None]:
    """Another stream takes what is left of the quota, so that events find no room."""
    port = world.nodes[0].port or 0
    config = {"name": BALLAST, "subjects": ["ballast"], "storage": "file", "num_replicas": 3}
    made = nats_wire.ask(port, f"$JS.API.STREAM.CREATE.{BALLAST}", json.dumps(config).encode())
    if not made or "error" in made:
        raise Failure(f"no ballast: {made}")
    try:
        for size in BALLAST_BYTES:
            nats_wire.publish_until_refused(port, "ballast", b"x" * size, world.nodes[0].max_file_bytes // size + 1)
        yield
    finally:

        def gone() -> bool:
            answer = nats_wire.ask(port, f"$JS.API.STREAM.DELETE.{BALLAST}")
            return answer is not None and ("error" not in answer or answer["error"].get("code") == 404)

        if not wait_until(gone, LEADER_SECONDS_MAX):
            raise Failure("the ballast cannot be removed")


FAULTS = (
    Fault(
        "kill a NATS node", "`kill -9` of a node that does not lead the events",
        lambda world: _follower(0, world), UNACKNOWLEDGED,
    ),
    Fault(
        "kill another NATS node", "`kill -9` of the other node that does not lead the events",
        lambda world: _follower(1, world), UNACKNOWLEDGED,
    ),
    Fault(
        "kill the NATS leader", "`kill -9` of the node that leads the events",
        lambda world: _killed(world, _leader(world)), UNACKNOWLEDGED,
    ),
    Fault(
        "fill the quota of NATS", "another stream takes all that `max_file_store` leaves, on every node",
        _full, UNACKNOWLEDGED,
    ),
)
