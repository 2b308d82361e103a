"""`kill -9` of each replica of both services."""

import contextlib
from collections.abc import Iterator
from functools import partial

from ..world import APIS, DELIVERERS, World
from .fault import Fault

UNRECORDED = "requests were under way or not yet recorded, so another deliverer makes them again"


@contextlib.contextmanager
def _api_killed(number: int, world: World) -> Iterator[None]:
    replica = world.apis[number - 1]
    replica.kill()
    yield
    replica.start()


@contextlib.contextmanager
def _deliverer_killed(number: int, world: World) -> Iterator[None]:
    replica = world.deliverers[number - 1]
    replica.kill()
    yield
    replica.start()


FAULTS = (
    *(
        Fault(f"kill deliverer {n}", f"`kill -9` of deliverer {n} of {DELIVERERS}", partial(_deliverer_killed, n), UNRECORDED)
        for n in range(1, DELIVERERS + 1)
    ),
    *(Fault(f"kill api {n}", f"`kill -9` of api {n} of {APIS}", partial(_api_killed, n), "") for n in range(1, APIS + 1)),
)
