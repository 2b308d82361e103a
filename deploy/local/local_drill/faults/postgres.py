"""PostgreSQL dies and comes back; then it dies for good, and its standby takes its place."""

import contextlib
from collections.abc import Iterator

from ..world import World
from .fault import Fault
from .services import UNRECORDED


@contextlib.contextmanager
def _killed(world: World) -> Iterator[None]:
    world.database.kill()
    yield
    world.database.start_again()


@contextlib.contextmanager
def _failed_over(world: World) -> Iterator[None]:
    """The address that the services know moves to the new primary, as a virtual address or a name does."""
    world.database.kill()
    yield
    world.database.fail_over()
    for ground in (world.api_ground, world.deliverer_ground):
        ground.database.lead_to(world.database.port)


FAULTS = (
    Fault("kill PostgreSQL", "`kill -9` of the server; it recovers from its log", _killed, UNRECORDED),
    Fault(
        "fail over PostgreSQL",
        "`kill -9` of the primary for good; its standby is promoted and the address moves to it",
        _failed_over, UNRECORDED,
    ),
)
