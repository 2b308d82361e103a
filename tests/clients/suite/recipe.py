"""A page of docs/migrate, acted out: its files are written, its commands are run, its receiver receives."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from . import posthorn
from .pages import HERE, REPOSITORY, Page
from .processes import SECONDS_MAX, Lines, free_port, listening
from .relay import Relay

FOLDER = "docs/migrate"
URL_IN_PAGES = "https://receiver.example"
PORT_IN_PAGES = "9000"
POLL_SECONDS = 0.1


def wait_until(what: str, look: Callable[[], Any]) -> Any:
    """Looks until there is something to see: the API tells nobody when it is so."""
    end = time.monotonic() + SECONDS_MAX
    while time.monotonic() < end:
        if (seen := look()) is not None:
            return seen
        threading.Event().wait(POLL_SECONDS)
    raise AssertionError(f"not within {SECONDS_MAX} s: {what}")


class Recipe(unittest.TestCase):
    """Has a tenant of its own, made by the page's own commands, and a receiver behind a relay."""

    system: str
    """Name of the page and of its event types."""
    receivers: tuple[str, ...]
    """Names of the page's own."""

    page: Page
    folder: Path
    key: str
    publisher_key: str

    @classmethod
    def setUpClass(cls) -> None:
        cls.page = Page(f"{FOLDER}/{cls.system}.md")
        cls.key = posthorn.API_KEY
        folder = tempfile.TemporaryDirectory(prefix=f".{cls.system}-", dir=HERE)
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        (cls.folder / cls.event_types_file()).write_bytes((REPOSITORY / FOLDER / cls.event_types_file()).read_bytes())
        tenant, manager, publisher = cls.sh("tenant")
        cls.addClassCleanup(posthorn.call, "DELETE", f"/tenants/{tenant['id']}")
        cls.key, cls.publisher_key = manager["key"], publisher["key"]

    @classmethod
    def event_types_file(cls) -> str:
        return f"{cls.system}.event-types.json"

    def setUp(self) -> None:
        self.relay = Relay()
        self.addCleanup(self.relay.close)
        self.path = f"/{uuid.uuid4()}"
        self.port = free_port()
        self.relay.target = self.port
        for name, code in self.page.files().items():
            self.write(name, code)

    def write(self, name: str, code: str) -> None:
        """With the addresses of this test in place of the page's."""
        code = code.replace(f"{URL_IN_PAGES}/webhooks", self.relay.url + self.path)
        (self.folder / name).write_text(code.replace(PORT_IN_PAGES, str(self.port)), encoding="utf-8")

    def file(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    @classmethod
    def sh(cls, name: str, **variables: str) -> list[Any]:
        """Runs a block of the page, and returns each of the answers that it shows."""
        script = f"{cls.page.named('call')}\n{cls.page.named(name)}"
        finished = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=cls.folder,
            env=os.environ | {"POSTHORN_KEY": cls.key} | variables,
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )
        if finished.returncode != 0:
            raise AssertionError(f"{name}: {finished.stdout}{finished.stderr}")
        return documents(finished.stdout)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return posthorn.call(method, path, body, self.key)

    def create(self, **settings: Any) -> Any:
        """The page's webhook, with some settings replaced, for the time of the test."""
        self.write("webhook.json", json.dumps(json.loads(self.page.named("webhook.json")) | settings))
        [made] = self.sh("create")
        self.addCleanup(self.call, "DELETE", f"/webhooks/{made['id']}")
        return made

    def publish(self) -> str:
        """The page's event, never twice the same; returns its id."""
        text = self.page.named("event.json")
        if "idempotency_key" in text:
            key = json.loads(text)["idempotency_key"]
            text = text.replace(f'"{key}"', f'"{key}-{uuid.uuid4()}"')
        self.write("event.json", text)
        [answer] = self.sh("publish", POSTHORN_KEY=self.publisher_key)
        return str(answer["events"][0]["id"])

    def receiving(self, name: str, secret: str) -> AbstractContextManager[Lines]:
        return listening(command(self.folder / name), self.port, {"SIGNING_SECRETS": secret})

    def delivery(self, webhook_id: str, event_id: str, *statuses: str) -> Any:
        """The delivery, with its attempts, once it has one of the statuses."""

        def look() -> Any:
            found = self.call("GET", f"/webhooks/{webhook_id}/deliveries?event_id={event_id}")["deliveries"]
            return found[0] if found and found[0]["status"] in statuses else None

        found = wait_until(f"the delivery is {' or '.join(statuses)}", look)
        return self.call("GET", f"/deliveries/{found['id']}")


def command(program: Path) -> list[str]:
    return [sys.executable if program.suffix == ".py" else "node", str(program)]


def documents(text: str) -> list[Any]:
    """JSON documents, one after the other."""
    decoder, found = json.JSONDecoder(), []
    while text := text.lstrip():
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:]
    return found
