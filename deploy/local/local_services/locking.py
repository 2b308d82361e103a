"""One command at a time for each instance, also between processes."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from .messages import say


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the file lock `path`. The kernel drops it when the process ends, however it ends."""
    with contextlib.ExitStack() as stack:
        while True:
            file = stack.enter_context(open(path, "a", encoding="ascii"))
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say(f"waiting for another command that works on {path.stem}")
                fcntl.flock(file, fcntl.LOCK_EX)
            if _is_still(path, file.fileno()):
                break
        yield


def _is_still(path: Path, descriptor: int) -> bool:
    """`clean` removes lock files: a lock on a file that is no longer there protects nothing."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
