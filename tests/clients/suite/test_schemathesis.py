"""Requests made of the OpenAPI document alone, sensible and senseless, thousands of them: what the document promises holds.

They go to an api of their own, without a deliverer, because they leave behind webhooks and events that mean nothing.
`schemathesis_hooks` keeps the URLs among them on this machine.
"""

import base64
import os
import re
import secrets
import shlex
import subprocess
import sys
import unittest
from pathlib import Path

from .processes import free_port, listening

HERE = Path(__file__).resolve().parent
CLIENTS = HERE.parent
LOCAL = CLIENTS.parents[1] / "deploy" / "local"
INSTANCE = "schemathesis"
CASES_MIN = 3_000
SECONDS_MAX = 900


class Schemathesis(unittest.TestCase):
    def test_the_document_holds_whatever_is_asked(self) -> None:
        services = LOCAL / "services"
        self.addCleanup(subprocess.run, [services, "clean", "--instance", INSTANCE], check=False, capture_output=True)
        subprocess.run([services, "start", "--instance", INSTANCE], check=True, capture_output=True)
        told = subprocess.run([services, "env", "--instance", INSTANCE], check=True, capture_output=True, text=True).stdout
        servers = dict(line.split("=", 1) for line in shlex.split(told))
        key, port = secrets.token_hex(32), free_port()
        variables = {
            "POSTHORN_NATS_URL": servers["POSTHORN_NATS_URL"],
            "POSTHORN_DATABASE_URL": servers["POSTHORN_DATABASE_URL"],
            "POSTHORN_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "POSTHORN_ADMIN_KEY": key,
            "POSTHORN_ALLOW_HTTP": "true",
            "POSTHORN_LISTEN": f"127.0.0.1:{port}",
        }
        with listening([str(_program())], port, variables):
            run = self._schemathesis(f"http://127.0.0.1:{port}/api/v1/openapi.json", key)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        generated = re.search(r"([\d,]+) generated", run.stdout)
        self.assertIsNotNone(generated, run.stdout)
        cases = int(generated[1].replace(",", "")) if generated else 0
        print(f"{cases} requests", end=" ", flush=True)
        self.assertGreaterEqual(cases, CASES_MIN, run.stdout)

    def _schemathesis(self, document: str, key: str) -> subprocess.CompletedProcess[str]:
        program = Path(sys.executable).with_name("schemathesis")
        command: list[str | Path] = [program, "--config-file", CLIENTS / "schemathesis.toml", "run", document]
        options = ["--header", f"Authorization: Bearer {key}", "--wait-for-schema", "30"]
        return subprocess.run(
            [*command, *options],
            cwd=CLIENTS,
            env=os.environ | {"SCHEMATHESIS_HOOKS": "suite.schemathesis_hooks", "PYTHONPATH": str(CLIENTS)},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_MAX,
        )


def _program() -> Path:
    """The api that `make run` would start."""
    sys.path.insert(0, str(LOCAL))
    from local_run import build

    return build.binaries(None)["posthorn-api"]
