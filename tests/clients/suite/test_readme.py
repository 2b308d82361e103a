"""The code in README.md works as it stands there."""

import contextlib
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from collections.abc import Iterator
from pathlib import Path

from . import posthorn, publishers

HERE = Path(__file__).resolve().parents[1]
REPOSITORY = HERE.parents[1]
PORT_IN_README = "9000"
SECONDS_MAX = 30

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
"""Its language and its code."""


class Readme(unittest.TestCase):
    def setUp(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.blocks = [
            (language, code.replace(PORT_IN_README, str(self.port)))
            for language, code in BLOCK.findall((REPOSITORY / "README.md").read_text(encoding="utf-8"))
        ]
        # Beside node_modules, where Node.js looks for packages.
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix=".readme-", dir=HERE)))

    def test_the_variables_come_from_the_running_instance(self) -> None:
        script = self._shell("deploy/local/run env").replace("run env)", "run env --instance clients)")
        cleared = {name: value for name, value in os.environ.items() if not name.startswith("POSTHORN_")}
        shown = self._bash(script + 'echo "$POSTHORN_API_URL $POSTHORN_KEY $POSTHORN_NATS_URL"', cleared)
        self.assertEqual(shown.split(), [posthorn.URL, posthorn.API_KEY, posthorn.NATS_URL])

    def test_python_verifies_what_everybody_publishes(self) -> None:
        self._verifies("python", "receiver.py", sys.executable)

    def test_node_verifies_what_everybody_publishes(self) -> None:
        self._verifies("js", "receiver.mjs", "node")

    def _verifies(self, language: str, name: str, program: str) -> None:
        made = json.loads(self._bash(self._shell("/api/v1/webhooks")))
        self.addCleanup(posthorn.call, "DELETE", f"/webhooks/{made['id']}")
        with self._receiving([program, str(self._file(language, name))], made["signing_secret"]) as lines:
            [answer] = json.loads(self._bash(self._shell("/api/v1/events")))["events"]
            self.assertEqual(answer["type"], "user.created")
            self._publish_as_nats_does(self._shell("nats --server"))
            subprocess.run([sys.executable, self._file("python", "publish.py")], check=True, timeout=SECONDS_MAX)
            for publisher in ("curl", "nats", "nats-py"):
                wait_for_line(lines, f"verified: user.created.*'{publisher}'")

    def _publish_as_nats_does(self, line: str) -> None:
        """That program is no test dependency, so its arguments are taken at their word."""
        words = shlex.split(line)
        self.assertEqual(words[:4], ["nats", "--server", "$POSTHORN_NATS_URL", "pub"])
        self.assertEqual(words[4], publishers.SUBJECT)
        publishers.nats_py(words[5].encode())

    def _shell(self, part: str) -> str:
        [code] = [code for language, code in self.blocks if language == "sh" and part in code]
        return str(code)

    def _file(self, language: str, name: str) -> Path:
        """A block is named by its first line."""
        [code] = [code for kind, code in self.blocks if kind == language and code.split("\n")[0].endswith(f" {name}")]
        (self.folder / name).write_text(code)
        return self.folder / name

    def _bash(self, script: str, environment: dict[str, str] | None = None) -> str:
        command = ["bash", "-euo", "pipefail", "-c", script]
        finished = subprocess.run(
            command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=SECONDS_MAX, check=False
        )
        self.assertEqual(finished.returncode, 0, finished.stderr)
        return finished.stdout

    @contextlib.contextmanager
    def _receiving(self, command: list[str], secret: str) -> Iterator["Lines"]:
        environment = os.environ | {"SIGNING_SECRET": secret}
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines = Lines(process)
        try:
            wait_for_port(self.port, process)
            yield lines
        finally:
            process.terminate()
            process.wait()
            lines.close()


class Lines:
    """What a process prints."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.seen: list[str] = []
        self.arrival = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def close(self) -> None:
        self._reader.join()
        if self.process.stdout:
            self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            with self.arrival:
                self.seen.append(line)
                self.arrival.notify_all()


def wait_for_line(lines: Lines, pattern: str) -> None:
    with lines.arrival:
        found = lines.arrival.wait_for(lambda: any(re.search(pattern, line) for line in lines.seen), SECONDS_MAX)
    if not found:
        raise AssertionError(f"no line {pattern!r} in {lines.seen}")


def wait_for_port(port: int, process: subprocess.Popen[str]) -> None:
    """Connecting again and again is all that can be done to a server that tells nothing when it is ready."""
    stop = threading.Event()
    for _ in range(SECONDS_MAX * 20):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None or stop.wait(0.05):
            break
    raise AssertionError(f"nothing listens on port {port}")
