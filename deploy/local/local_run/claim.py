"""One `run` at a time for each instance.

The kernel drops the lock when the process ends, however it ends, so a claim never outlives its holder.
"""

import contextlib
import fcntl
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from local_services.messages import Failure, say
from local_services.waiting import wait_until

STOP_SECONDS_MAX = 90
"""Both services may take all the time that they are given (`service.STOPS`), and then the servers stop."""
PID_SECONDS_MAX = 2


def _file(folder: Path) -> Path:
    return folder / "run.lock"


@contextlib.contextmanager
def claimed(folder: Path, instance: str) -> Iterator[None]:
    with open(_file(folder), "a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(
                f"Posthorn already runs here (instance {instance}, pid {_read(folder)}); `deploy/local/run env "
                f"--instance {instance}` tells where, `deploy/local/run stop --instance {instance}` ends it"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        file.truncate(0)


def end_holder(folder: Path) -> None:
    """Asks the `run` that holds the claim, if there is one, to stop everything, and waits until it has."""
    if not is_held(folder):
        return
    pid = _read(folder)
    say(f"stopping what pid {pid} runs")
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    if not wait_until(lambda: not is_held(folder), STOP_SECONDS_MAX):
        raise Failure(f"pid {pid} has not stopped within {STOP_SECONDS_MAX} s")


def is_held(folder: Path) -> bool:
    try:
        with open(_file(folder), "r+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _read(folder: Path) -> int:
    """The holder writes its pid right after it takes the lock, and removes it right before it gives the lock up."""
    if not wait_until(lambda: _file(folder).stat().st_size > 0, PID_SECONDS_MAX):
        raise Failure(f"{_file(folder)} is locked, but does not tell by whom; try again")
    return int(_file(folder).read_text(encoding="ascii"))
