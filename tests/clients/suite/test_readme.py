"""The code in README.md works as it stands there."""

import json
import os
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from . import posthorn, publishers
from .pages import HERE, REPOSITORY, Page
from .processes import SECONDS_MAX, free_port, listening, wait_for_line

PORT_IN_README = "9000"
INSTANCE = os.environ["INSTANCE"]
"""Of the Posthorn under test."""


class Readme(unittest.TestCase):
    def setUp(self) -> None:
        self.port = free_port()
        self.blocks = [
            (language, code.replace(PORT_IN_README, str(self.port))) for language, _, code in Page("README.md").blocks
        ]
        # Beside node_modules, where Node.js looks for packages.
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix=".readme-", dir=HERE)))

    def test_the_variables_come_from_the_running_instance(self) -> None:
        script = self._shell("deploy/local/run env").replace("run env)", f"run env --instance {INSTANCE})")
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
        command, secret = [program, str(self._file(language, name))], made["signing_secret"]
        with listening(command, self.port, {"SIGNING_SECRET": secret}) as lines:
            [answer] = json.loads(self._bash(self._shell("/api/v1/events")))["events"]
            self.assertEqual(answer["type"], "user.created")
            self._publish_as_nats_does(self._shell("nats --server"))
            subprocess.run([sys.executable, self._file("python", "publish.py")], check=True, timeout=SECONDS_MAX)
            for publisher in ("curl", "nats", "nats-py"):
                wait_for_line(lines, f'verified: user.created.*"{publisher}"')

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
