"""One of Posthorn's two services, as a daemon beside the servers."""

import http.client
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local_services import ports
from local_services.daemon import Daemon, Stop
from local_services.messages import Failure, say

from . import keys

API, DELIVERER = "posthorn-api", "posthorn-deliverer"

LISTEN_VARIABLES = {API: "POSTHORN_LISTEN", DELIVERER: "POSTHORN_ADMIN_LISTEN"}
DEFAULT_PORTS = {API: 8080, DELIVERER: 8081}

STOPS = (
    # It ends as soon as nothing is under way. Receivers that hang are not waited for as long as in production.
    Stop(signal.SIGTERM, 30),
    Stop(signal.SIGTERM, 5),  # the second one means at once
    Stop(signal.SIGKILL, 5),
)

ANSWER_SECONDS_MAX = 2
READY_PATH = "/readyz"

OVERRIDDEN = (
    "POSTHORN_DATABASE_URL",
    "POSTHORN_NATS_",
    keys.ADMIN_KEY_VARIABLE,
    keys.MASTER_KEY_VARIABLE,
    "POSTHORN_LOCAL_",
    "POSTHORN_TEST_",
)
"""Variables of the caller, by their beginnings, that are not for the services: each may also come as a `…_FILE`."""


def daemon(name: str, folder: Path) -> Daemon:
    return Daemon(name, folder, keys.master_file(folder), STOPS)


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    @property
    def url(self) -> str:
        """For a client on this machine."""
        loopback = {"0.0.0.0": ports.LOOPBACK, "[::]": "[::1]"}.get(self.host, self.host)
        return f"http://{loopback}:{self.port}"


def choose_address(name: str, is_dev: bool) -> Address:
    """What the caller asks for, else the default port of Posthorn, else any free one."""
    variable = LISTEN_VARIABLES[name]
    if asked := os.environ.get(variable):
        return _parse(variable, asked)
    port = DEFAULT_PORTS[name]
    if is_dev and ports.is_free(port):
        return Address(ports.LOOPBACK, port)
    free = ports.any_free()
    if is_dev:
        say(f"port {port} is taken, so {name} listens on {free} ({variable}=127.0.0.1:PORT chooses another)")
    return Address(ports.LOOPBACK, free)


def _parse(variable: str, text: str) -> Address:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or not 1 <= int(port) <= 65_535:
        raise Failure(f"{variable}={text} is no address: it must be like 127.0.0.1:8080")
    return Address(host, int(port))


class Service:
    def __init__(self, name: str, folder: Path, program: Path, address: Address, variables: dict[str, str]) -> None:
        self.daemon = daemon(name, folder)
        self.port: int | None = address.port
        self.port_variable = LISTEN_VARIABLES[name]
        self.address = address
        self.program = program
        self.variables = variables
        self.ready_path = READY_PATH

    def prepare(self, port: int) -> list[str | Path]:
        # The path of the key names this instance, so that the process is known by its command line.
        return [self.program, "--master-key-file", self.daemon.marker]

    def process_arguments(self) -> dict[str, Any]:
        return {"cwd": "/", "env": self.variables, "stdin": subprocess.DEVNULL}

    def is_ready(self, port: int) -> bool:
        return answers(self.address, self.ready_path)


def answers(address: Address, path: str) -> bool:
    """Whether it is 200."""
    target = urlsplit(address.url)
    connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=ANSWER_SECONDS_MAX)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def variables(name: str, address: Address, folder: Path, servers: dict[str, str]) -> dict[str, str]:
    """The caller's settings, and ours on top: the local servers and the kept keys always are those of the instance."""
    ours = {
        LISTEN_VARIABLES[name]: f"{address.host}:{address.port}",
        "POSTHORN_NATS_URL": servers["POSTHORN_NATS_URL"],
        "POSTHORN_DATABASE_URL": servers["POSTHORN_DATABASE_URL"],
        "POSTHORN_ADMIN_KEY_FILE": str(keys.admin_file(folder)),
    }
    # Receivers on this machine, which a guard made for the internet would refuse.
    defaults = {"POSTHORN_ALLOW_HTTP": "true", "POSTHORN_EGRESS_ALLOW": "127.0.0.0/8,::1/128"}
    callers = {key: value for key, value in os.environ.items() if not key.startswith(OVERRIDDEN)}
    return defaults | callers | ours
