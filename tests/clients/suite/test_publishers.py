"""The publishers in examples/publishers publish, and know what to do with each answer."""

import json
import os
import shutil
import subprocess
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from . import posthorn
from .examples import Example
from .fixture import Receivers

RUN_SECONDS_MAX = 60

TRACE = r"^00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-9a-f]$"


def run(command: list[str], folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS_MAX,
        check=False,
    )


class OverHttp(Receivers):
    def test_python(self) -> None:
        self._publishes("python")

    def test_node(self) -> None:
        self._publishes("node")

    def test_rust(self) -> None:
        self._publishes("rust")

    def test_java(self) -> None:
        self._publishes("java")

    def test_go(self) -> None:
        self._publishes("go")

    def test_php(self) -> None:
        has_curl = ["php", "-r", "exit(extension_loaded('curl') ? 0 : 1);"]
        if shutil.which("php") and run(has_curl, Path("."), {}).returncode != 0:
            self.skipTest("PHP has no curl on this machine: publish_http.php was not run")
        self._publishes("php")

    def test_ruby(self) -> None:
        self._publishes("ruby")

    def _publishes(self, language: str) -> None:
        example = Example(self, f"examples/publishers/{language}")
        command = example.command("http")
        [subscription, *_] = self.subscribe(filter=f"data.by == '{language}-http'")
        ran = run(command, example.folder, {})
        self.assertEqual(ran.returncode, 0, ran.stderr)
        first, again, several = (events_in(line) for line in ran.stdout.splitlines())
        self.assertEqual([one["duplicate"] for one in [*first, *again, *several]], [False, True, False, False])
        self.assertEqual(again[0]["id"], first[0]["id"])
        received = {json.loads(one.body)["data"]["n"]: one for one in subscription.wait(3)}
        self.assertEqual(set(received), {1, 2, 3})
        self.assertEqual(received[1].headers["webhook-id"], first[0]["id"])
        for one in received.values():
            self.assertRegex(one.headers["traceparent"], TRACE)

        self._asks_again_with_the_same_key(command, example.folder)
        refused = run(command, example.folder, {"POSTHORN_KEY": "not-a-key-of-this-posthorn-0000000000"})
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("unauthorized", refused.stdout + refused.stderr)

    def _asks_again_with_the_same_key(self, command: list[str], folder: Path) -> None:
        """503 and Retry-After first, then what Posthorn answers."""
        with Moody() as api:
            ran = run(command, folder, {"POSTHORN_API_URL": api.url})
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(len(api.keys), 6, "three requests, each made twice")
        self.assertEqual(api.keys[0::2], api.keys[1::2])
        self.assertEqual(api.keys[0], api.keys[2], "the same event has the same key")
        self.assertNotEqual(api.keys[0], api.keys[4])


class OverNats(Receivers):
    def test_python(self) -> None:
        self._publishes("python")

    def test_node(self) -> None:
        self._publishes("node")

    def test_rust(self) -> None:
        self._publishes("rust")

    def test_go(self) -> None:
        self._publishes("go")

    def test_java(self) -> None:
        self._publishes("java", library="lib")

    def test_php(self) -> None:
        self._publishes("php", library="vendor")

    def test_ruby(self) -> None:
        if shutil.which("ruby") and run(["ruby", "-e", "require 'nats/client'"], Path("."), {}).returncode != 0:
            self.skipTest("the gem nats-pure is not installed: publish_nats.rb was not run")
        self._publishes("ruby")

    def _publishes(self, language: str, library: str | None = None) -> None:
        example = Example(self, f"examples/publishers/{language}")
        command = example.command("nats")
        if library and not (example.folder / library).is_dir():
            self.skipTest(f"no client in {library}: what publishes over NATS in {language} was not run")
        [subscription, *_] = self.subscribe(filter=f"data.by == '{language}-nats'", payload_format="cloudevents")
        ran = run(command, example.folder, {})
        self.assertEqual(ran.returncode, 0, ran.stderr)
        lines = [line.split() for line in ran.stdout.splitlines()]
        self.assertEqual([line[0] for line in lines], ["stored"] * 3)
        self.assertEqual([line[2] for line in lines], ["duplicate=false", "duplicate=true", "duplicate=false"])
        self.assertEqual(lines[0][1], lines[1][1], "a duplicate is where the first one is")
        received = {json.loads(one.body)["data"]["n"]: one for one in subscription.wait(2)}
        self.assertEqual(set(received), {1, 2})
        self.assertRegex(received[1].headers["traceparent"], TRACE)
        cloud_event = json.loads(received[2].body)
        self.assertEqual((cloud_event["id"], cloud_event["source"]), ("order/7", "/orders"))


class Moody:
    """An api that is away for every other request."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        moody = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                key = self.headers["idempotency-key"]
                moody.keys.append(key)
                if len(moody.keys) % 2 == 1:
                    return self.answer(503, b"{}", {"Retry-After": "0"})
                headers = {"content-type": "application/json", "idempotency-key": key}
                self.answer(202, posthorn.send("POST", "/events", body, headers), {})

            def answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in (headers | {"content-length": str(len(content))}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Moody":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def events_in(line: str) -> list[dict[str, object]]:
    """Some print the whole answer, some the events alone."""
    answer = json.loads(line)
    events: list[dict[str, object]] = answer["events"] if isinstance(answer, dict) else answer
    return events
