"""The drill's own parts: lines that break as they should, and a verdict that finds what is wrong."""

import contextlib
import socket
import tempfile
import threading
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local_drill import alerts, repeats, report, verdict
from local_drill.conductor import Happening
from local_drill.faults import ALL, alerting
from local_drill.faults.fault import Fault
from local_drill.link import Lines
from local_services.messages import Failure

SHORT_SECONDS, LONG_SECONDS = 0.3, 10


@contextlib.contextmanager
def _echo(greeting: bytes) -> Iterator[int]:
    """A server that says who it is, and then repeats what it hears."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.sendall(greeting)
            while heard := connection.recv(1024):
                connection.sendall(heard)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    with listener:
        yield listener.getsockname()[1]


class LinkTest(unittest.TestCase):
    def setUp(self) -> None:
        self.lines = Lines()
        self.addCleanup(self.lines.close)
        servers = contextlib.ExitStack()
        self.addCleanup(servers.close)
        self.one, self.other = servers.enter_context(_echo(b"1")), servers.enter_context(_echo(b"2"))
        self.link = self.lines.add(self.one)

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.link.port), timeout=LONG_SECONDS)
        self.addCleanup(connection.close)
        return connection

    def test_passes_and_stalls_and_goes_on(self) -> None:
        connection = self.connect()
        self.assertEqual(connection.recv(1), b"1")
        self.link.stall()
        connection.sendall(b"held")
        connection.settimeout(SHORT_SECONDS)
        with self.assertRaises(TimeoutError):
            connection.recv(4)
        connection.settimeout(LONG_SECONDS)
        self.link.heal()
        self.assertEqual(connection.recv(4), b"held")

    def test_is_cut_and_stands_again(self) -> None:
        connection = self.connect()
        self.assertEqual(connection.recv(1), b"1")
        self.link.cut()
        with self.assertRaises(ConnectionResetError):
            connection.recv(1)
        with self.assertRaises(ConnectionRefusedError):
            self.connect()
        self.link.heal()
        self.assertEqual(self.connect().recv(1), b"1")

    def test_leads_elsewhere(self) -> None:
        connection = self.connect()
        self.assertEqual(connection.recv(1), b"1")
        self.link.lead_to(self.other)
        with self.assertRaises(ConnectionResetError):
            connection.recv(1)
        self.assertEqual(self.connect().recv(1), b"2")


def _accounts(**changes: Any) -> dict[str, Any]:
    webhook = {
        "name": "one", "accepted": 10, "delivered": 8, "dead": 2, "lost": 0, "lost_ids": [], "duplicates": 0,
        "never_acknowledged": 0,
    }
    repeats = [{"since": 0, "count": count}] if (count := changes.pop("repeated", 0)) else []
    phases = [{"name": "kill", "from_ms": 0, "repeats": repeats, "refusals": {}}]
    return {"accepted": 10, "accepted_ids": 10, "webhooks": [webhook | changes], "phases": phases}


class VerdictTest(unittest.TestCase):
    def mistakes(self, accounts: dict[str, Any], repeats: str = "", recorded: tuple[int, int] = (8, 2)) -> list[str]:
        happening = Happening(Fault("kill", "", lambda world: contextlib.nullcontext(), repeats), settled_seconds=1.0)
        return list(verdict.mistakes(accounts, {"one": recorded}, [happening]))

    def test_all_is_well(self) -> None:
        self.assertEqual(self.mistakes(_accounts()), [])
        self.assertEqual(self.mistakes(_accounts(repeated=3), repeats="it was killed"), [])

    def test_what_is_wrong_is_found(self) -> None:
        self.assertIn("neither delivered nor dead", self.mistakes(_accounts(lost=1, delivered=7))[0])
        self.assertIn("are not 10", self.mistakes(_accounts(dead=1))[0])
        self.assertIn("not in Posthorn's own list", self.mistakes(_accounts(), recorded=(7, 2))[0])
        self.assertIn("repeats nothing", self.mistakes(_accounts(repeated=3))[0])
        self.assertIn("the id of another", self.mistakes(_accounts() | {"accepted_ids": 9})[0])

    def test_alerts_are_for_their_faults_and_nothing_else(self) -> None:
        fault = alerting.FAULTS[0]
        right = alerts.Told(fault, fault.alerts, {})
        self.assertEqual(right.mistakes, [])
        wrong = alerts.Told(fault, frozenset({"Other"}), {})
        self.assertEqual(len(wrong.mistakes), 2)


class RepeatsTest(unittest.TestCase):
    def of(self, *phases: tuple[str, int, int | None]) -> tuple[dict[str, int], dict[str, int]]:
        """Phases with their beginning in seconds, and the phase of the request that one request of theirs repeats."""
        found = repeats.of(
            [
                {"name": name, "from_ms": begin * 1_000, "repeats": [] if since is None else [{"since": since, "count": 1}]}
                for name, begin, since in phases
            ],
            {"kill"},
        )
        return dict(found.by_fault), dict(found.unexplained)

    def test_are_of_the_fault_between_the_two_requests(self) -> None:
        self.assertEqual(self.of(("kill", 0, None), ("cut", 8, 0)), ({"kill": 1}, {}))
        self.assertEqual(self.of(("calm", 0, None), ("kill", 8, 0)), ({"kill": 1}, {}))
        self.assertEqual(self.of(("kill", 0, None), ("cut", 8, 1)), ({}, {"cut": 1}))
        self.assertEqual(self.of(("calm", 0, 0)), ({}, {"calm": 1}))

    def test_are_not_of_a_fault_that_was_long_before(self) -> None:
        self.assertEqual(self.of(("kill", 0, None), ("cut", 8, None), ("calm", 39, 0)), ({}, {"calm": 1}))
        self.assertEqual(self.of(("kill", 0, None), ("cut", 9, None), ("calm", 39, 0)), ({"kill": 1}, {}))


class ReportTest(unittest.TestCase):
    def test_replaces_what_is_between_its_markers(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.md"
            page.write_text("a\n<!-- begin: x -->\nold\n<!-- end: x -->\nb\n", encoding="utf-8")
            report.write("x", "new", page)
            self.assertEqual(page.read_text(encoding="utf-8"), "a\n<!-- begin: x -->\nnew\n<!-- end: x -->\nb\n")
            with self.assertRaises(Failure):
                report.write("y", "new", page)

    def test_the_page_has_all_markers(self) -> None:
        page = report.PAGE.read_text(encoding="utf-8")
        for section in ("drill", "alerts", "upgrade", "sync"):
            self.assertIn(f"<!-- begin: {section} -->", page)

    def test_faults_have_names_of_their_own(self) -> None:
        for faults in (ALL, alerting.FAULTS):
            self.assertEqual(len({fault.name for fault in faults}), len(faults))
