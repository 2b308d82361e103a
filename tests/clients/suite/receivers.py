"""Webhook receivers that verify with the official packages: one in Python, one in Node.js."""

import base64
import json
import subprocess
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standardwebhooks import Webhook, WebhookVerificationError

DELIVERY_SECONDS_MAX = 30
RECEIVER = Path(__file__).resolve().parents[1] / "receiver.mjs"


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    verified: list[bool]
    """For each secret that the receiver knows, whether the signature is valid under it."""


class Receiver:
    """Hands out addresses and keeps what arrives there."""

    name: str

    def __init__(self) -> None:
        self.port = 0
        self._received: list[Received] = []
        self._arrival = threading.Condition()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def wait(self, path: str, count: int = 1) -> list[Received]:
        """What has arrived at the path, as soon as there is as much as expected."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self.at(path)) >= count, DELIVERY_SECONDS_MAX):
                raise AssertionError(f"{len(self.at(path))} of {count} requests came to {path}")
            return self.at(path)

    def at(self, path: str) -> list[Received]:
        return [one for one in self._received if one.path == path]

    def keep(self, received: Received) -> None:
        with self._arrival:
            self._received.append(received)
            self._arrival.notify_all()


class PythonReceiver(Receiver):
    name = "Python"

    def __init__(self, secrets: list[str]) -> None:
        super().__init__()
        webhooks = [Webhook(secret) for secret in secrets]
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                verified = [_is_valid(webhook, body, headers) for webhook in webhooks]
                receiver.keep(Received(self.path, headers, body, verified))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class NodeReceiver(Receiver):
    name = "Node.js"

    def __init__(self, secrets: list[str]) -> None:
        super().__init__()
        self._process = subprocess.Popen(
            ["node", RECEIVER, *secrets], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            seen = json.loads(line)
            body = base64.b64decode(seen["body"])
            self.keep(Received(seen["path"], seen["headers"], body, seen["verified"]))

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._reader.join()
        if self._process.stdout:
            self._process.stdout.close()


def _is_valid(webhook: Webhook, body: bytes, headers: dict[str, str]) -> bool:
    try:
        webhook.verify(body, headers, json_parse=False)
    # The package reads every body as text before it looks at the signature.
    except (WebhookVerificationError, UnicodeDecodeError):
        return False
    return True
