"""A machine whose clock is wrong by ten minutes, ahead and then behind."""

import contextlib
from collections.abc import Callable, Iterator
from functools import partial

from .. import faketime
from ..services import Replica
from ..world import World
from .fault import Fault

SKEW_SECONDS = 600


@contextlib.contextmanager
def _skewed(seconds: int, of: Callable[[World], list[Replica]], world: World) -> Iterator[None]:
    """The last replica starts anew under libfaketime. Only the time of day is wrong: what counts seconds still does."""
    replica = of(world)[-1]
    replica.stop()
    replica.extra = faketime.variables(seconds)
    try:
        replica.start()
        yield
    finally:
        replica.stop()
        replica.extra = {}
        replica.start()


def _clocks(one: str, of: Callable[[World], list[Replica]]) -> Iterator[Fault]:
    for way, seconds in (("ahead", SKEW_SECONDS), ("behind", -SKEW_SECONDS)):
        words = f"the clock of one {one} is {SKEW_SECONDS // 60} minutes {way} (libfaketime)"
        yield Fault(f"{one} clock {way}", words, partial(_skewed, seconds, of), "")


FAULTS = (
    *_clocks("deliverer", lambda world: world.deliverers),
    *_clocks("api", lambda world: world.apis),
)
