"""nats-server with JetStream, on loopback only."""

import hashlib
import json
import os
import signal
import socket
from pathlib import Path
from typing import Any

from . import ports
from .daemon import Daemon, Stop
from .owner import Owner
from .settings import NATS_PORT_VARIABLE, Settings

STOPS = (Stop(signal.SIGTERM, 15), Stop(signal.SIGKILL, 5))
ANSWER_SECONDS_MAX = 5

JETSTREAM_REQUEST = b"CONNECT {}\r\nSUB _INBOX.ready 1\r\nPUB $JS.API.INFO _INBOX.ready 0\r\n\r\n"
"""In the plain text protocol of NATS: an inbox for the answer, then an empty request."""


def daemon(instance_folder: Path) -> Daemon:
    return Daemon("nats-server", instance_folder, _configuration(instance_folder), STOPS)


def url(port: int) -> str:
    return f"nats://{ports.LOOPBACK}:{port}"


def _configuration(instance_folder: Path) -> Path:
    return instance_folder / "nats-server.conf"


class Nats:
    port_variable = NATS_PORT_VARIABLE

    def __init__(self, folder: Path, settings: Settings, owner: Owner, program: Path) -> None:
        self.daemon = daemon(folder)
        self.folder = folder
        self.configuration = _configuration(folder)
        self.owner = owner
        self.port = settings.nats_port
        self.monitor_port = settings.nats_monitor_port
        self.program = program
        # Another clone's server that was quicker to take the port must not pass for this one.
        self.server_name = f"posthorn-{settings.instance}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]}"

    def prepare(self, port: int) -> list[str | Path]:
        store = self.folder / "nats"
        if not store.exists():
            store.mkdir(mode=0o700)
            self.owner.give(store)
        lines = [
            f"listen: {json.dumps(f'{ports.LOOPBACK}:{port}')}",
            f"server_name: {json.dumps(self.server_name)}",
            "max_payload: 1MB",
            f"jetstream {{ store_dir: {json.dumps(str(store))} }}",
        ]
        if self.monitor_port:
            lines.append(f"http: {json.dumps(f'{ports.LOOPBACK}:{self.monitor_port}')}")
        self.configuration.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.configuration.chmod(0o644)
        return [self.program, "--config", self.configuration]

    def process_arguments(self) -> dict[str, Any]:
        return self.owner.process_arguments()

    def is_ready(self, port: int) -> bool:
        """JetStream answers a request, asked in the plain text protocol of NATS."""
        try:
            with socket.create_connection((ports.LOOPBACK, port), timeout=ANSWER_SECONDS_MAX) as connection:
                answers = connection.makefile("rb")
                greeting = answers.readline()
                if not greeting.startswith(b"INFO ") or json.loads(greeting[5:])["server_name"] != self.server_name:
                    return False
                connection.sendall(JETSTREAM_REQUEST)
                for line in answers:
                    if line.startswith(b"MSG "):
                        return "error" not in json.loads(answers.readline())
                    if line.startswith(b"-ERR"):
                        return False
        except (OSError, ValueError, KeyError):
            return False
        return False
