import json
import os
import signal
import socket
import subprocess
import unittest

from local_services import ports
from local_services.waiting import wait_until

from .clients import query
from .clone import Clone, finish


class Accidents(unittest.TestCase):
    def test_killed_servers_start_again(self) -> None:
        clone = Clone(self)
        clone.start()
        query(clone.environment(), "CREATE TABLE kept (id int)")
        for pid in clone.pids().values():
            os.kill(pid, signal.SIGKILL)
        self.assertIn("started", clone.start())
        self.assertEqual(query(clone.environment(), "SELECT count(*) FROM kept"), "0")

    def test_a_pid_that_became_somebody_elses_is_neither_believed_nor_killed(self) -> None:
        clone = Clone(self)
        clone.start()
        clone.stop()
        stranger = subprocess.Popen(["sleep", "600"])
        self.addCleanup(stranger.wait)
        self.addCleanup(stranger.kill)
        for name in ("postgres", "nats-server"):
            record = {"pid": stranger.pid, "port": 1, "program": "/bin/false"}
            (clone.local / "dev" / f"{name}.pid").write_text(json.dumps(record), encoding="ascii")
        postmaster = clone.local / "dev" / "postgres" / "postmaster.pid"
        postmaster.write_text(f"{stranger.pid}\n{postmaster.parent}\n0\n1\n\n127.0.0.1\n0 0\nready\n", encoding="ascii")

        self.assertEqual(clone.pids(), {})
        clone.stop()
        self.assertIsNone(stranger.poll())
        self.assertIn("started", clone.start())

    def test_a_server_whose_record_was_lost_keeps_its_data_to_itself(self) -> None:
        clone = Clone(self)
        clone.start("--instance", "test")
        record = clone.local / "test" / "postgres.pid"
        text = record.read_text(encoding="ascii")
        record.unlink()
        failed = clone.run("start", "--instance", "test")
        self.assertEqual(failed.returncode, 1)
        self.assertIn(f"kill -INT {json.loads(text)['pid']}", failed.stderr)
        record.write_text(text, encoding="ascii")
        self.assertEqual(clone.start("--instance", "test").count("already runs"), 2)

    def test_a_start_that_was_cut_short_is_taken_up(self) -> None:
        clone = Clone(self)
        draft = clone.local / "test" / "postgres.draft"
        draft.mkdir(parents=True)
        (draft / "PG_VERSION").write_text("15\n", encoding="ascii")
        (clone.local / "test" / "postgres.pid").write_text("{", encoding="ascii")
        clone.start("--instance", "test")
        self.assertFalse(draft.exists())

    def test_a_taken_port_is_named_with_its_variable_and_nothing_is_left_running(self) -> None:
        for variable in ("POSTHORN_LOCAL_PG_PORT", "POSTHORN_LOCAL_NATS_PORT"):
            with self.subTest(variable), socket.socket() as stranger:
                port = ports.any_free()
                stranger.bind((ports.LOOPBACK, port))
                stranger.listen()
                clone = Clone(self)
                failed = clone.run("start", **{variable: str(port)})
                self.assertEqual(failed.returncode, 1)
                self.assertIn(f"port {port} ", failed.stderr)
                self.assertIn(variable, failed.stderr)
                self.assertEqual(clone.pids(), {})

    def test_a_server_that_ends_at_once_shows_its_log(self) -> None:
        clone = Clone(self)
        clone.start()
        clone.stop()
        (clone.local / "dev" / "postgres" / "global" / "pg_control").unlink()
        failed = clone.run("start")
        self.assertEqual(failed.returncode, 1)
        self.assertIn("pg_control", failed.stderr)
        self.assertEqual(clone.pids(), {})

    def test_a_terminated_start_ends_what_it_began(self) -> None:
        clone = Clone(self)
        clone.start()
        clone.stop()
        command = clone.command("start")
        record = clone.local / "dev" / "postgres.pid"
        self.assertTrue(wait_until(record.exists, seconds_max=30))
        command.send_signal(signal.SIGTERM)
        self.assertEqual(finish(command).returncode, 128 + signal.SIGTERM)
        self.assertEqual(clone.pids(), {})
