"""Ports on loopback."""

import errno
import fcntl
import os
import secrets
import socket
import tempfile
from pathlib import Path

from .messages import Failure

LOOPBACK = "127.0.0.1"

# Below what Linux and macOS hand out to outgoing connections, so that none of those takes a port between two starts.
FREE_FIRST = 26_000
FREE_COUNT = 4_000


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
        return True


def any_free() -> int:
    """A free port that no process was given and has not listened on yet, from a random place on.

    A port is often opened much later than it is chosen, by a program that is told of it. Until this process ends, nobody
    else is given it: two choices would meet now and then, and one of the two programs would not start.
    """
    start = secrets.randbelow(FREE_COUNT)
    for step in range(FREE_COUNT):
        port = FREE_FIRST + (start + step) % FREE_COUNT
        if is_free(port) and _reserve(port):
            return port
    raise Failure(f"no port from {FREE_FIRST} to {FREE_FIRST + FREE_COUNT - 1} is free on {LOOPBACK}")


def _reserve(port: int) -> bool:
    # Of this user alone: another user's files could not be opened.
    folder = Path(tempfile.gettempdir()) / f"posthorn-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = os.open(folder / str(port), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    return True  # never closed, so that the lock lasts as long as the process does
