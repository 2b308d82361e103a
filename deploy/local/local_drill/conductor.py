"""Goes through the faults: a quiet time first, then each fault held, mended, and lived down before the next."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from local_services.messages import say
from local_services.waiting import wait_until

from .faults import Fault
from .world import World

CALM = "calm"
REST = "after: "
SETTLED_SECONDS_MAX = 240
"""On two cores the load alone takes nine tenths of the machine, so an outage of seconds is caught up in minutes."""
BEHIND_SECONDS = 1.0
"""So much of the load may be on its way when all is well."""


@dataclass
class Happening:
    """What was done and how long it took to be as before."""

    fault: Fault
    begun: float = field(default_factory=time.time)
    mended: float = 0
    settled_seconds: float | None = None
    """From the mending until the load was not behind any more; None: not in time."""
    ended: float = 0


def conduct(world: World, faults: Iterable[Fault], rate: int, seconds: float) -> list[Happening]:
    chosen = list(faults)
    slot = seconds / (len(chosen) + 1)
    world.load.phase(CALM)
    time.sleep(slot)
    happenings = []
    for number, fault in enumerate(chosen, start=1):
        due = time.monotonic() + slot
        say(f"{number} of {len(chosen)}: {fault.name}; {world.load.accepted} events accepted so far")
        world.load.phase(fault.name)
        happening = Happening(fault)
        with fault.broken(world):
            time.sleep(fault.hold_seconds)
        happening.mended = time.time()
        mended = time.monotonic()
        if wait_until(lambda: world.load.behind <= rate * BEHIND_SECONDS, SETTLED_SECONDS_MAX):
            happening.settled_seconds = time.monotonic() - mended
        # The rest of its slot belongs to it too: what it repeats may come late.
        time.sleep(max(0.0, due - time.monotonic()))
        happening.ended = time.time()
        happenings.append(happening)
    world.load.phase(CALM)
    return happenings
