"""The least that shows a server to be real: a query, a request."""

import json
import socket
import subprocess
from typing import Any
from urllib.parse import urlsplit

SECONDS_MAX = 10


def query(environment: dict[str, str], sql: str, variable: str = "POSTHORN_DATABASE_URL") -> str:
    psql = [f"{environment['POSTHORN_TEST_PG_BIN']}/psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql]
    finished = subprocess.run(
        [*psql, environment[variable]], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if finished.returncode != 0:
        raise RuntimeError(finished.stderr)
    return finished.stdout.strip()


def request(environment: dict[str, str], subject: str, body: dict[str, Any]) -> dict[str, Any]:
    """A request to JetStream's API, in NATS's text protocol."""
    server, payload = urlsplit(environment["POSTHORN_NATS_URL"]), json.dumps(body).encode()
    with socket.create_connection((server.hostname, server.port), timeout=SECONDS_MAX) as connection:
        connection.sendall(b"CONNECT {}\r\nSUB _INBOX.test 1\r\n")
        connection.sendall(b"PUB %s _INBOX.test %d\r\n%s\r\n" % (subject.encode(), len(payload), payload))
        answers = connection.makefile("rb")
        for line in answers:
            if line.startswith(b"MSG "):
                answer: dict[str, Any] = json.loads(answers.readline())
                return answer
    raise RuntimeError("nats-server closed the connection")
