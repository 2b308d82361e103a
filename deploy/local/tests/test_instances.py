import re
import stat
import unittest
from pathlib import Path

from .clients import query, request
from .clone import Clone, finish


class Instances(unittest.TestCase):
    def test_a_newcomer_starts_twice_stops_and_finds_the_data_again(self) -> None:
        clone = Clone(self)
        self.assertIn("started", clone.start())
        environment = clone.environment()
        query(environment, "CREATE TABLE kept (id int)")
        request(environment, "$JS.API.STREAM.CREATE.KEPT", {"name": "KEPT", "subjects": ["kept"]})
        pids = clone.pids()

        self.assertEqual(clone.start().count("already runs"), 2)
        self.assertEqual(clone.pids(), pids)

        clone.stop()
        self.assertEqual(clone.pids(), {})
        self.assertEqual(clone.run("status").returncode, 3)
        stopped = clone.run("env")
        self.assertEqual((stopped.returncode, stopped.stdout), (3, ""))

        clone.start()
        self.assertEqual(clone.environment(), environment)
        self.assertEqual(query(environment, "SELECT count(*) FROM kept"), "0")
        self.assertNotIn("error", request(environment, "$JS.API.STREAM.INFO.KEPT", {}))

    def test_only_the_password_opens_the_database(self) -> None:
        clone = Clone(self)
        clone.start()
        environment = clone.environment()
        url = environment["POSTHORN_DATABASE_URL"]
        wrong = {**environment, "POSTHORN_DATABASE_URL": re.sub(":[0-9a-f]{32}@", ":guess@", url)}
        with self.assertRaisesRegex(RuntimeError, "password authentication failed"):
            query(wrong, "SELECT 1")
        files = list((clone.local / "dev").glob("*.password"))
        self.assertEqual(len(files), 2)
        for file in files:
            self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)

    def test_the_services_role_is_no_superuser_and_the_tests_role_is(self) -> None:
        clone = Clone(self)
        clone.start()
        environment = clone.environment()
        sql = "SELECT current_database(), usesuper FROM pg_user WHERE usename = current_user"
        self.assertEqual(query(environment, sql), "posthorn|f")
        self.assertEqual(query(environment, sql, "POSTHORN_TEST_DATABASE_URL"), "postgres|t")

    def test_instances_are_apart_and_only_dev_is_durable(self) -> None:
        clone = Clone(self)
        clone.start()
        clone.start("--instance", "test")
        dev, test = clone.environment(), clone.environment("--instance", "test")
        self.assertTrue(set(clone.pids().values()).isdisjoint(clone.pids("--instance", "test").values()))
        self.assertNotEqual(dev["POSTHORN_NATS_URL"], test["POSTHORN_NATS_URL"])
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self.assertEqual(query(dev, f"SHOW {setting}"), "on")
            self.assertEqual(query(test, f"SHOW {setting}"), "off")

        clone.run("clean", "--instance", "test")
        self.assertFalse((clone.local / "test").exists())
        self.assertEqual(len(clone.pids()), 2)

    def test_concurrent_starts_make_one_instance(self) -> None:
        clone = Clone(self)
        finished = [finish(command) for command in [clone.command("start", "--instance", "test") for _ in range(3)]]
        self.assertEqual([one.returncode for one in finished], [0, 0, 0], [one.stderr for one in finished])
        said = "".join(one.stderr for one in finished)
        self.assertEqual((said.count("started"), said.count("already runs")), (2, 4))

    def test_clean_leaves_nothing(self) -> None:
        clone = Clone(self)
        clone.start()
        pids = clone.pids()
        clone.clean()
        self.assertFalse(clone.local.exists())
        for pid in pids.values():
            self.assertFalse(_has_command_line(pid))

    def test_stop_without_a_start_is_no_error(self) -> None:
        self.assertIn("nothing of dev runs", Clone(self).stop())


def _has_command_line(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except FileNotFoundError:
        return False
