"""Every line between two parts, stalled (connections stand, nothing passes) and cut (reset and refused)."""

import contextlib
from collections.abc import Callable, Iterator
from functools import partial

from ..link import Link
from ..world import World
from .fault import Fault
from .nats import UNACKNOWLEDGED
from .services import UNRECORDED

UNANSWERED = "the receiver accepted, and its answer was lost on the way"
STALLED_SECONDS, CUT_SECONDS = 12, 8

Choose = Callable[[World], list[Link]]


@contextlib.contextmanager
def _stalled(choose: Choose, world: World) -> Iterator[None]:
    links = choose(world)
    for link in links:
        link.stall()
    yield
    for link in links:
        link.heal()


@contextlib.contextmanager
def _cut(choose: Choose, world: World) -> Iterator[None]:
    links = choose(world)
    for link in links:
        link.cut()
    yield
    for link in links:
        link.heal()


def _both(name: str, choose: Choose, repeats: str) -> tuple[Fault, Fault]:
    return (
        Fault(
            f"stall {name}", f"the line {name} carries nothing for {STALLED_SECONDS} s",
            partial(_stalled, choose), repeats, STALLED_SECONDS,
        ),
        Fault(
            f"cut {name}", f"the line {name} is reset, and refused for {CUT_SECONDS} s",
            partial(_cut, choose), repeats, CUT_SECONDS,
        ),
    )


FAULTS = (
    *_both("deliverer–NATS", lambda world: world.deliverer_ground.nats, f"{UNACKNOWLEDGED}; {UNRECORDED}"),
    *_both("deliverer–PostgreSQL", lambda world: [world.deliverer_ground.database], UNRECORDED),
    *_both("api–NATS", lambda world: world.api_ground.nats, ""),
    *_both("api–PostgreSQL", lambda world: [world.api_ground.database], ""),
    *_both("deliverer–receiver", lambda world: [world.receiver_line], UNANSWERED),
)
