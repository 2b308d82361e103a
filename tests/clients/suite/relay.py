"""A stranger in the middle: passes deliveries on to a receiver, remembers them, and can send them again, changed."""

import contextlib
import http
import http.client
import socket
import struct
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DELIVERY_SECONDS_MAX = 30
HOP_BY_HOP = ("connection", "host", "content-length")


@dataclass(frozen=True)
class Passed:
    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    status: int
    """What was answered."""


class Relay:
    def __init__(self, port: int = 0) -> None:
        self.target = port
        """The receiver's port on this machine."""
        self.verdict: int | None = None
        """A status to answer instead of asking the receiver."""
        self._passed: list[Passed] = []
        self._arrival = threading.Condition(threading.RLock())
        relay = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = relay.verdict or relay.send(self.path, headers, body)
                # Before the answer: whoever has seen that go out finds the request here.
                relay.keep(Passed(self.command, self.path, headers, body, status))
                self.send_response(status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def send(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """Asks the receiver, and returns the status of its answer; that of a gateway if there is none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.target, timeout=DELIVERY_SECONDS_MAX)
        try:
            kept = {name: value for name, value in headers.items() if name not in HOP_BY_HOP}
            connection.request("POST", path, body, kept)
            return connection.getresponse().status
        except OSError:
            return http.HTTPStatus.BAD_GATEWAY
        finally:
            connection.close()

    def hang_up(self, path: str, headers: dict[str, str], begun: bytes, length: int, is_reset: bool) -> None:
        """Begins to send a body of this length to the receiver, and goes away."""
        lines = [f"POST {path} HTTP/1.1", "host: 127.0.0.1", f"content-length: {length}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        with socket.create_connection(("127.0.0.1", self.target), timeout=DELIVERY_SECONDS_MAX) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode() + begun)
            if is_reset:
                # Without lingering, closing resets the connection.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            connection.shutdown(socket.SHUT_WR)
            # Until the receiver has noticed: it answers, or closes too.
            with contextlib.suppress(OSError):
                connection.recv(1)

    def keep(self, passed: Passed) -> None:
        with self._arrival:
            self._passed.append(passed)
            self._arrival.notify_all()

    def at(self, path: str) -> list[Passed]:
        with self._arrival:
            return [one for one in self._passed if one.path == path]

    def wait(self, path: str, count: int = 1) -> list[Passed]:
        """What came to the path, as soon as there is as much as expected."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self.at(path)) >= count, DELIVERY_SECONDS_MAX):
                raise AssertionError(f"{len(self.at(path))} of {count} requests came to {path}")
            return self.at(path)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
