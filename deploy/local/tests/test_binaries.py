import contextlib
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from local_services import binaries, owner, places
from local_services.messages import Failure

from .clients import query
from .clone import Clone, downloaded_servers


class Choice(unittest.TestCase):
    """Which program is chosen on machines that have this and that."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(dir="/var/tmp")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.root.chmod(0o755)
        self.caller = owner.of_servers(self.root)
        self.places = places.Places(self.root / ".local")
        self.places.base.mkdir(mode=0o755)
        (self.places.base / "wheels").symlink_to(downloaded_servers())
        (self.root / "bin").mkdir(mode=0o755)
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        stack.enter_context(mock.patch.object(binaries, "DEBIAN", self.root / "debian"))
        stack.enter_context(mock.patch.dict(os.environ, {"PATH": f"{self.root / 'bin'}:/usr/bin:/bin"}))
        os.environ.pop(binaries.SOURCE_VARIABLE, None)
        self.said = stack.enter_context(mock.patch.object(binaries, "say"))

    def program(self, path: str, prints: str) -> Path:
        program = self.root / path
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\necho '{prints}'\n", encoding="ascii")
        program.chmod(0o755)
        return program

    def postgres_at(self, folder: str, version: str) -> Path:
        for name in ("initdb", "psql"):
            self.program(f"{folder}/{name}", "")
        return self.program(f"{folder}/postgres", f"postgres (PostgreSQL) {version}")

    def postgres(self, data_version: binaries.Version | None = None) -> Path:
        return binaries.postgres(self.places, self.caller, data_version)

    def nats_server(self) -> Path:
        return binaries.nats_server(self.places, self.caller)

    def test_path_comes_first(self) -> None:
        expected = self.postgres_at("bin", "15.18 (Debian 15.18-0+deb12u1)")
        self.postgres_at("debian/17/bin", "17.2")
        self.assertEqual(self.postgres(), expected)

    def test_debians_newest_comes_next(self) -> None:
        self.postgres_at("bin", "13.9")
        self.postgres_at("debian/9.6/bin", "9.6.24")
        self.postgres_at("debian/15/bin", "15.4")
        expected = self.postgres_at("debian/17/bin", "17.2")
        self.assertEqual(self.postgres(), expected)

    def test_too_old_means_wheels(self) -> None:
        self.postgres_at("bin", "14.11")
        self.program("bin/nats-server", "nats-server: v2.9.10")
        for found in (self.postgres(), self.nats_server()):
            self.assertTrue(found.is_relative_to(downloaded_servers()), found)
        words = " ".join(call.args[0] for call in self.said.call_args_list)
        self.assertIn("2.9.10", words)
        self.assertIn("14.11", words)

    def test_new_enough_nats_server_of_path(self) -> None:
        expected = self.program("bin/nats-server", "nats-server: v2.12.0")
        self.assertEqual(self.nats_server(), expected)

    def test_what_does_not_run_is_not_chosen(self) -> None:
        self.program("bin/nats-server", "").write_text("no program", encoding="ascii")
        self.postgres_at("bin", "16.1").write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
        for found in (self.postgres(), self.nats_server()):
            self.assertTrue(found.is_relative_to(downloaded_servers()), found)

    def test_a_server_without_its_tools_is_not_chosen(self) -> None:
        self.program("bin/postgres", "postgres (PostgreSQL) 17.2")
        self.assertTrue(self.postgres().is_relative_to(downloaded_servers()))

    def test_data_keeps_its_major_version(self) -> None:
        expected = self.postgres_at("debian/16/bin", "16.4")
        self.postgres_at("debian/17/bin", "17.2")
        self.assertEqual(self.postgres((16,)), expected)
        with self.assertRaisesRegex(Failure, "made by PostgreSQL 15"):
            self.postgres((15,))


class Wheels(unittest.TestCase):
    def test_a_machine_without_servers_runs_those_of_the_wheels(self) -> None:
        clone = Clone(self)
        clone.start("--instance", "test", POSTHORN_LOCAL_SERVERS="wheels")
        environment = clone.environment("--instance", "test")
        self.assertTrue(query(environment, "SHOW server_version").startswith("18."))
        self.assertIn("wheels", environment["POSTHORN_TEST_NATS_SERVER"])
