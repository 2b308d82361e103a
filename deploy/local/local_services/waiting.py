"""Waiting for a state itself, with a deadline, instead of for a length of time."""

import time
from collections.abc import Callable

POLL_SECONDS = 0.02


def wait_until(state: Callable[[], bool], seconds_max: float) -> bool:
    """True as soon as the state is reached; False when it was not reached in time."""
    deadline = time.monotonic() + seconds_max
    while not state():
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
