"""What `receivers` counts and how it delays, without any server."""

import asyncio
import socket
import threading
import time
import unittest
from pathlib import Path

from local_receivers import report
from local_receivers.delay import Delays
from local_receivers.exercise import Result
from local_receivers.servers import Server

ONE_WAY_SECONDS = 0.05


def result(name: str, reloads: bool, failed_attempts: int = 0, repeats: int = 0) -> Result:
    server = Server(name=name, command=[], port=1, version="1.2", idle_seconds=1, reloads=reloads, seen=Path("/dev/null"))
    return Result(server, 1000, failed_attempts, 0, repeats, 0, 7 if reloads else 0, {})


class Receivers(unittest.TestCase):
    def test_one_mistake_is_a_failure(self) -> None:
        self.assertTrue(result("a", True).is_good)
        self.assertFalse(result("a", True, failed_attempts=1).is_good)
        self.assertFalse(result("a", True, repeats=1).is_good)

    def test_the_table_names_what_was_not_done(self) -> None:
        rows = report.table([result("a", True), result("b", False, 2, 1)]).splitlines()[2:]
        self.assertEqual(rows, ["| a | 1.2 | 1,000 | 7 | 0 | 0 |", "| b | 1.2 | 1,000 | – | 2 | 1 |"])

    def test_a_line_delays_bytes_and_the_end_in_order(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            echoing = threading.Thread(target=echo_once, args=(listener,))
            echoing.start()
            delays = Delays(ONE_WAY_SECONDS)
            begun = time.monotonic()
            with socket.create_connection(("127.0.0.1", delays.line(listener.getsockname()[1]))) as client:
                client.sendall(b"one ")
                client.sendall(b"two")
                heard = b""
                while chunk := client.recv(100):
                    heard += chunk
            self.assertEqual(heard, b"one two")
            self.assertGreaterEqual(time.monotonic() - begun, 2 * ONE_WAY_SECONDS)
            echoing.join()
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0), delays.loop).result()


def echo_once(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        heard = b""
        while len(heard) < len(b"one two"):
            heard += connection.recv(100)
        connection.sendall(heard)


if __name__ == "__main__":
    unittest.main()
