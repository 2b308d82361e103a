"""The receivers in docs/receiving.md accept what is genuine and nothing else."""

import tempfile
import unittest
import uuid
from pathlib import Path

from . import forgeries, posthorn, publishers
from .fixture import new_secret
from .pages import HERE, Page
from .processes import free_port, listening
from .recipe import PORT_IN_PAGES, command
from .relay import Relay


class Receiving(unittest.TestCase):
    def setUp(self) -> None:
        self.page = Page("docs/receiving.md")
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

            posthorn.call("POST", rotate, {"overlap_seconds": 0})
            publishers.nats_py(b'{"n": 3}')
            self.assertEqual(self.relay.wait(path, 3)[2].status, 401, lines.seen)

    def _program(self, name: str) -> list[str]:
        code = self.page.named(name).replace(PORT_IN_PAGES, str(self.port))
        (self.folder / name).write_text(code, encoding="utf-8")
        return command(self.folder / name)
