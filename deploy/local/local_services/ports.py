"""Ports on loopback."""

import errno
import secrets
import socket

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
    """A free port from a random place on, so that instances that start at the same time meet different ones."""
    start = secrets.randbelow(FREE_COUNT)
    for step in range(FREE_COUNT):
        port = FREE_FIRST + (start + step) % FREE_COUNT
        if is_free(port):
            return port
    raise Failure(f"no port from {FREE_FIRST} to {FREE_FIRST + FREE_COUNT - 1} is free on {LOOPBACK}")
