import json
import os
import pwd
import signal
import socket
import stat
import unittest
import urllib.request
from pathlib import Path

from local_services import ports

from .clone import Clone
from .running import Run, processes_of, programs

SAMPLES = (
    " demo.retried .*attempt 1 .*✔ verified .* 503\n",
    " demo.retried .*attempt 2 .*✔ verified .* 503\n",
    " demo.retried .*attempt 3 .*✔ verified .* 200\n",
    " user.created .*attempt 1 .*✔ verified .* 200\n",
    " invoice.paid .*attempt 1 .*✔ verified .* 200\n",
)


class MakeRun(unittest.TestCase):
    def test_a_newcomer_sees_deliveries_arrive_and_ctrl_c_stops_everything(self) -> None:
        clone = Clone(self)
        run = Run(self, clone)
        environment = run.wait_up()
        for seen in SAMPLES:
            self.assertRegex(run.text(), seen)
        self._has_private_keys(clone, environment)
        self.assertIn(f"console    {environment['POSTHORN_API_URL']}\n", run.text())
        with urllib.request.urlopen(environment["POSTHORN_API_URL"]) as page:
            self.assertIn("<title>Posthorn</title>", page.read().decode())

        publish(environment, "demo.mine")
        self.assertRegex(run.wait_for(" demo.mine "), "✔ verified .* 200")

        second = clone.run("up", "--binaries", str(clone.root / "bin"), program="run")
        self.assertEqual(second.returncode, 1)
        self.assertIn("already runs", second.stderr)

        self.assertEqual(run.signal(signal.SIGINT), 0, run.text())
        self.assertEqual(processes_of(clone), [])
        self.assertEqual(clone.run("env", program="run").returncode, 3)

    def test_the_second_time_finds_key_and_webhook_again_and_stop_ends_it(self) -> None:
        clone = Clone(self)
        first = Run(self, clone)
        before = first.wait_up()
        self.assertEqual(first.signal(signal.SIGTERM), 0, first.text())
        again = Run(self, clone)
        environment = again.wait_up()
        self.assertEqual(environment["POSTHORN_KEY"], before["POSTHORN_KEY"])
        self.assertEqual(get(environment, "/webhooks")["total"], 2)
        self.assertEqual(clone.run("stop", "--all", program="run").returncode, 0)
        self.assertEqual(again.wait_for_end(), 0, again.text())
        self.assertEqual(processes_of(clone), [])

    def test_in_the_background_it_returns_once_it_is_up(self) -> None:
        clone = Clone(self)
        addresses = {name: f"127.0.0.1:{ports.any_free()}" for name in ("POSTHORN_LISTEN", "POSTHORN_ADMIN_LISTEN")}
        folder = str(next(iter(programs().values())).parent)
        begun = clone.run("up", "--background", "--binaries", folder, program="run", DEMO="0", **addresses)
        self.assertEqual(begun.returncode, 0, begun.stderr)
        told = clone.run("env", program="run")
        self.assertEqual(told.returncode, 0, told.stderr)
        environment = dict(line.split("=", 1) for line in told.stdout.splitlines())
        self.assertEqual(get(environment, "/webhooks")["total"], 0)

        second = clone.run("up", "--background", "--binaries", folder, program="run")
        self.assertEqual(second.returncode, 1)
        self.assertIn("already runs", second.stderr)

        self.assertEqual(clone.run("stop", program="run").returncode, 0)
        self.assertEqual(processes_of(clone), [])

    def test_servers_that_ran_before_go_on(self) -> None:
        clone = Clone(self)
        clone.start()
        pids = clone.pids()
        run = Run(self, clone, DEMO="0")
        self.assertEqual(get(run.wait_up(), "/webhooks")["total"], 0)
        self.assertEqual(run.signal(signal.SIGTERM), 0, run.text())
        self.assertEqual(clone.pids(), pids)

    def test_what_a_killed_run_leaves_behind_is_ended_by_the_next_one(self) -> None:
        clone = Clone(self)
        run = Run(self, clone, DEMO="0")
        run.wait_up()
        run.signal(signal.SIGKILL)
        left = [line for line in processes_of(clone) if "posthorn-api" in line]
        self.assertEqual(len(left), 1)
        again = Run(self, clone, DEMO="0")
        again.wait_up()
        services = [line for line in processes_of(clone) if "--master-key-file" in line]
        self.assertEqual(len(services), 2, services)

    def test_a_service_that_dies_ends_the_run_with_clear_words(self) -> None:
        clone = Clone(self)
        run = Run(self, clone, DEMO="0")
        run.wait_up()
        record = json.loads((clone.local / "dev" / "posthorn-deliverer.pid").read_text())
        os.kill(record["pid"], signal.SIGKILL)
        self.assertEqual(run.wait_for_end(), 1)
        self.assertIn("posthorn-deliverer has ended by itself", run.text())
        self.assertEqual(processes_of(clone), [])

    def test_a_taken_port_is_named_with_the_variable_that_changes_it(self) -> None:
        clone = Clone(self)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            run = Run(self, clone, POSTHORN_LISTEN=f"127.0.0.1:{port}")
            self.assertEqual(run.wait_for_end(), 1)
        self.assertRegex(run.text(), f"port {port} .* is taken .* POSTHORN_LISTEN")
        self.assertEqual(processes_of(clone), [])

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    def test_a_plain_user_needs_no_root(self) -> None:
        clone = Clone(self, user="nobody")
        run = Run(self, clone)
        run.wait_up()
        for line in ("posthorn-api", "posthorn-deliverer"):
            record = json.loads((clone.local / "dev" / f"{line}.pid").read_text())
            self.assertEqual(Path(f"/proc/{record['pid']}").stat().st_uid, pwd.getpwnam("nobody").pw_uid)
        self.assertEqual(run.signal(signal.SIGTERM), 0, run.text())
        self.assertEqual(processes_of(clone), [])

    def _has_private_keys(self, clone: Clone, environment: dict[str, str]) -> None:
        for name in ("admin.key", "master.key"):
            self.assertEqual(stat.S_IMODE((clone.local / "dev" / name).stat().st_mode), 0o600)
        self.assertEqual((clone.local / "dev" / "admin.key").read_text(), environment["POSTHORN_KEY"])


def get(environment: dict[str, str], path: str) -> dict[str, int]:
    return _call(environment, path, None)


def publish(environment: dict[str, str], event_type: str) -> None:
    _call(environment, "/events", json.dumps({"type": event_type, "data": {}}).encode())


def _call(environment: dict[str, str], path: str, body: bytes | None) -> dict[str, int]:
    request = urllib.request.Request(f"{environment['POSTHORN_API_URL']}/api/v1{path}", body)
    request.add_header("authorization", f"Bearer {environment['POSTHORN_KEY']}")
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, timeout=10) as answer:
        read: dict[str, int] = json.load(answer)
    return read
