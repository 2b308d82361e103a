"""As much of the protocol of NATS as the drill needs, in plain text on a connection of its own."""

import contextlib
import json
import socket
from typing import Any

from local_services import ports

ANSWER_SECONDS_MAX = 3
GREETING = b'CONNECT {"verbose":false,"pedantic":false}\r\nSUB _INBOX.drill 1\r\n'


def listens(port: int) -> bool:
    try:
        with _connected(port) as connection:
            return connection.makefile("rb").readline().startswith(b"INFO ")
    except OSError:
        return False


def ask(port: int, subject: str, body: bytes = b"") -> dict[str, Any] | None:
    """The JSON of one answer; None when there is none in time."""
    try:
        with _connected(port) as connection:
            answers = connection.makefile("rb")
            answers.readline()
            connection.sendall(GREETING)
            return _request(connection, answers, subject, body)
    except (OSError, ValueError):
        return None


def publish_until_refused(port: int, subject: str, body: bytes, count: int) -> int:
    """Publishes to a stream, one message after the other, until one is refused or not answered; how many were stored."""
    stored = 0
    with contextlib.suppress(OSError, ValueError), _connected(port) as connection:
        answers = connection.makefile("rb")
        answers.readline()
        connection.sendall(GREETING)
        while stored < count and "error" not in _request(connection, answers, subject, body):
            stored += 1
    return stored


def _connected(port: int) -> socket.socket:
    return socket.create_connection((ports.LOOPBACK, port), timeout=ANSWER_SECONDS_MAX)


def _request(connection: socket.socket, answers: Any, subject: str, body: bytes) -> dict[str, Any]:
    connection.sendall(b"PUB %s _INBOX.drill %d\r\n%s\r\n" % (subject.encode(), len(body), body))
    for line in answers:
        if line.startswith(b"MSG "):
            payload = answers.read(int(line.split()[-1]) + 2)
            return dict(json.loads(payload))
        if line.startswith(b"PING"):
            connection.sendall(b"PONG\r\n")
        if line.startswith(b"-ERR"):
            raise ValueError(line.decode())
    raise OSError("the server closed the connection")
