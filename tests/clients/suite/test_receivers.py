"""The receivers in docs/receivers.md and in examples/receivers accept what is genuine and nothing else."""

import base64
import hmac
import shutil
import subprocess
import tempfile
import unittest
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from standardwebhooks import Webhook

from . import bodies, forgeries, posthorn, publishers
from .examples import Example
from .fixture import new_secret
from .pages import HERE, Page
from .processes import Lines, free_port, listening, wait_for_line
from .recipe import PORT_IN_PAGES, command
from .relay import Relay

ELIXIR = """
for line <- File.stream!("requests"), do: (
  [secret, body | headers] = String.split(String.trim_trailing(line), "\\t")
  headers = Map.new(headers, fn header -> [name, value] = String.split(header, "=", parts: 2); {name, value} end)
  IO.puts(Signature.genuine?(headers, Base.decode64!(body), [secret])))
"""
"""Asks the block of the page about one request a line."""


class Receiving(unittest.TestCase):
    def setUp(self) -> None:
        self.page = Page("docs/receivers.md")
        # Beside node_modules, where Node.js looks for packages.
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix=".receiving-", dir=HERE)))
        self.port = free_port()
        self.relay = Relay(self.port)
        self.addCleanup(self.relay.close)

    def test_the_standard_signature_in_python(self) -> None:
        self._tells_apart("standard.py", "webhook-signature")

    def test_the_standard_signature_in_node(self) -> None:
        self._tells_apart("standard.mjs", "webhook-signature")

    def test_the_body_signature_in_python(self) -> None:
        self._tells_apart("body.py", "x-webhook-signature")

    def test_the_body_signature_in_node(self) -> None:
        self._tells_apart("body.mjs", "x-webhook-signature")

    def test_every_format_and_a_client_that_hangs_up(self) -> None:
        for name in ("standard.py", "standard.mjs", "body.py", "body.mjs"):
            with self.subTest(name):
                secret = new_secret()
                with listening(self._program(name), self.port, {"SIGNING_SECRETS": secret}) as lines:
                    takes_every_format(self, self.relay, secret, lines)
                    survives_who_hangs_up(self, self.relay, secret, lines)

    def test_the_signature_in_elixir(self) -> None:
        if shutil.which("elixir") is None:
            self.skipTest("elixir is not on this machine: the block was not run")
        (self.folder / "signature.ex").write_text(self.page.named("signature.ex"), encoding="utf-8")
        secret, moment = new_secret(), datetime.now(UTC)
        requests, verdicts = [], []
        for body in (bodies.OBJECT, b"[]", bodies.BINARY):
            genuine = signed(secret, body, moment)
            old = signed(secret, body, moment - timedelta(minutes=10))
            two = genuine | {"webhook-signature": f"v1,AAAA {genuine['webhook-signature']}"}
            for headers, given, verdict in [
                (genuine, body, "true"),
                (two, body, "true"),
                (genuine, body + b" ", "false"),
                (old, body, "false"),
                ({}, body, "false"),
            ]:
                named = [f"{name}={value}" for name, value in headers.items()]
                requests.append("\t".join([secret, base64.b64encode(given).decode(), *named]))
                verdicts.append(verdict)
        (self.folder / "requests").write_text("\n".join(requests), encoding="utf-8")
        asked = ["elixir", "-r", "signature.ex", "-e", ELIXIR]
        finished = subprocess.run(asked, cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(finished.stdout.split(), verdicts, finished.stderr)

    def _tells_apart(self, name: str, signature: str) -> None:
        old, new = new_secret(), new_secret()
        path = f"/{uuid.uuid4()}"
        webhook_id = posthorn.webhook(self, self.relay.url + path, old)
        with listening(self._program(name), self.port, {"SIGNING_SECRETS": f"{new},{old}"}) as lines:
            publishers.nats_py(b'{"n": 1}')
            [genuine] = self.relay.wait(path)
            self.assertEqual(genuine.status, 204, lines.seen)
            for what, headers, body in forgeries.of(genuine, signature):
                with self.subTest(what):
                    self.assertEqual(self.relay.send(path, headers, body), 401, lines.seen)
            self.assertEqual(self.relay.send(path, genuine.headers, genuine.body), 204, lines.seen)

            rotate = f"/webhooks/{webhook_id}/secret/rotate"
            posthorn.call("POST", rotate, {"signing_secret": new, "overlap_seconds": 3600})
            publishers.nats_py(b'{"n": 2}')
            self.assertEqual(self.relay.wait(path, 2)[1].status, 204, lines.seen)

            # The one that it replaces signs no more. The oldest does, until its own overlap ends, but not the body alone,
            # which the newest signs.
            posthorn.call("POST", rotate, {"overlap_seconds": 0})
            publishers.nats_py(b'{"n": 3}')
            status = 204 if signature == "webhook-signature" else 401
            self.assertEqual(self.relay.wait(path, 3)[2].status, status, lines.seen)

    def _program(self, name: str) -> list[str]:
        code = self.page.named(name).replace(PORT_IN_PAGES, str(self.port))
        (self.folder / name).write_text(code, encoding="utf-8")
        return command(self.folder / name)


class Examples(unittest.TestCase):
    def test_python(self) -> None:
        self._receives("python", "library")

    def test_python_without_library(self) -> None:
        self._receives("python", "without-library")

    def test_node(self) -> None:
        self._receives("node", "library")

    def test_node_without_library(self) -> None:
        self._receives("node", "without-library")

    def test_rust(self) -> None:
        self._receives("rust", "library")

    def test_java(self) -> None:
        self._receives("java", "without-library")

    def test_go(self) -> None:
        self._receives("go", "without-library")

    def test_php(self) -> None:
        self._receives("php", "without-library")

    def test_ruby(self) -> None:
        self._receives("ruby", "without-library")

    def _receives(self, language: str, block: str) -> None:
        example, port = Example(self, f"examples/receivers/{language}"), free_port()
        command = example.command(block, port)
        self.relay, self.path = Relay(port), f"/{uuid.uuid4()}"
        self.addCleanup(self.relay.close)
        self.old, self.new = new_secret(), new_secret()
        inbox = self.enterContext(tempfile.TemporaryDirectory())
        variables = {"SIGNING_SECRETS": f"{self.new},{self.old}", "PORT": str(port), "INBOX": inbox}
        webhook_id = posthorn.webhook(self, self.relay.url + self.path, self.old)
        with listening(command, port, variables, example.folder) as self.lines:
            self._works_once_on_what_is_genuine()
            self._refuses_what_is_not_of_now()
            self._goes_through_a_rotation(webhook_id)
            # By now it knows the new secret as well.
            survives_who_hangs_up(self, self.relay, self.new, self.lines)
            takes_every_format(self, self.relay, self.new, self.lines)
            binary = 204 if block == "without-library" else 415
            self.assertEqual(send_signed(self.relay, self.path, self.new, bodies.BINARY), binary, self.lines.seen)

    def _works_once_on_what_is_genuine(self) -> None:
        publishers.nats_py(b'{"n": 1}')
        [genuine] = self.relay.wait(self.path)
        self.assertEqual(genuine.status, 204, self.lines.seen)
        event_id = genuine.headers["webhook-id"]
        wait_for_line(self.lines, f"worked: user.created {event_id}")
        for what, headers, body in forgeries.of(genuine, "webhook-signature"):
            with self.subTest(what):
                self.assertEqual(self.relay.send(self.path, headers, body), 401, self.lines.seen)
        for renamed in ("webhook-id", "webhook-timestamp"):
            with self.subTest(f"another {renamed}"):
                changed = genuine.headers | {renamed: genuine.headers[renamed] + "0"}
                self.assertEqual(self.relay.send(self.path, changed, genuine.body), 401, self.lines.seen)
        self.assertEqual(self.relay.send(self.path, genuine.headers, genuine.body), 204, self.lines.seen)
        wait_for_line(self.lines, f"repeated: {event_id}")
        self.assertEqual(len(worked(self.lines)), 1, self.lines.seen)

    def _refuses_what_is_not_of_now(self) -> None:
        for minutes, status in [(-10, 401), (10, 401), (-4, 204)]:
            with self.subTest(f"{minutes} minutes"):
                self.assertEqual(self._send_signed(timedelta(minutes=minutes)), status, self.lines.seen)
        stolen = self._send_signed(timedelta(), new_secret())
        self.assertEqual(stolen, 401, "signed with a secret that the receiver does not know")

    def _send_signed(self, shift: timedelta, secret: str | None = None) -> int:
        moment, event_id = datetime.now(UTC) + shift, str(uuid.uuid4())
        body = f'{{"id":"{event_id}","type":"user.created","timestamp":"{moment.isoformat()}","data":{{}}}}'
        headers = {
            "content-type": "application/json",
            "webhook-id": event_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": Webhook(secret or self.old).sign(event_id, moment, body),
            "x-webhook-event": "user.created",
        }
        return self.relay.send(self.path, headers, body.encode())

    def _goes_through_a_rotation(self, webhook_id: str) -> None:
        rotate = f"/webhooks/{webhook_id}/secret/rotate"
        posthorn.call("POST", rotate, {"signing_secret": self.new, "overlap_seconds": 3600})
        publishers.nats_py(b'{"n": 2}')
        passed = self.relay.wait(self.path, 2)[1]
        self.assertEqual(passed.status, 204, self.lines.seen)
        self.assertEqual(len(passed.headers["webhook-signature"].split(" ")), 2)
        # The one that it replaces signs no more; the oldest does, until its own overlap ends.
        posthorn.call("POST", rotate, {"overlap_seconds": 0})
        publishers.nats_py(b'{"n": 3}')
        passed = self.relay.wait(self.path, 3)[2]
        self.assertEqual(passed.status, 204, self.lines.seen)
        self.assertEqual(len(passed.headers["webhook-signature"].split(" ")), 2)


def takes_every_format(test: unittest.TestCase, relay: Relay, secret: str, lines: Lines) -> None:
    for payload_format, (settings, published) in bodies.DELIVERED.items():
        path = f"/{uuid.uuid4()}"
        webhook_id = posthorn.webhook(test, relay.url + path, secret, **settings)
        for count, data in enumerate(published, 1):
            with test.subTest(f"{payload_format}: {data.decode()}"):
                publishers.nats_py(data)
                passed = relay.wait(path, count)[count - 1]
                test.assertEqual(passed.status, 204, (passed.body, lines.seen))
        posthorn.call("POST", f"/webhooks/{webhook_id}/disable")


def survives_who_hangs_up(test: unittest.TestCase, relay: Relay, secret: str, lines: Lines) -> None:
    """In the middle of a body, with and without a goodbye; whoever comes then is served."""
    for is_reset in (False, True):
        relay.hang_up("/", {"content-type": "application/json"}, b'{"type": "us', 1_000, is_reset)
    test.assertEqual(send_signed(relay, "/", secret, bodies.OBJECT), 204, lines.seen)
    test.assertIsNone(lines.process.poll(), lines.seen)


def send_signed(relay: Relay, path: str, secret: str, body: bytes) -> int:
    return relay.send(path, signed(secret, body, datetime.now(UTC)), body)


def signed(secret: str, body: bytes, moment: datetime) -> dict[str, str]:
    """Headers with both signatures, made by hand: the library signs text only."""
    event_id, timestamp = str(uuid.uuid4()), str(int(moment.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.digest(key, f"{event_id}.{timestamp}.".encode() + body, "sha256")
    return {
        "content-type": "application/octet-stream",
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
        "x-webhook-signature": "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest(),
        "x-webhook-event": "user.created",
    }


def worked(lines: Lines) -> list[str]:
    with lines.arrival:
        return [line for line in lines.seen if line.startswith("worked:")]
