"""Servers and services, up in order and down in the opposite order."""

import contextlib
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local_services import daemon, nats, ports, postgres, settings
from local_services.messages import Failure, say
from local_services.places import REPOSITORY

from . import keys, service
from .processes import run_to_end

SERVICES_COMMAND = Path(__file__).resolve().parents[1] / "services"


@dataclass(frozen=True)
class Stack:
    """What runs, and where."""

    instance: str
    folder: Path
    api_url: str
    nats_url: str
    programs: dict[str, Path]
    """The binaries by their names."""

    @property
    def admin_key(self) -> str:
        return keys.admin(self.folder)

    def daemons(self) -> list[daemon.Daemon]:
        return [service.daemon(name, self.folder) for name in (service.API, service.DELIVERER)]

    def client_variables(self) -> dict[str, str]:
        """What the CLI, curl and any client need."""
        return {
            "POSTHORN_API_URL": self.api_url,
            "POSTHORN_KEY": self.admin_key,
            "POSTHORN_NATS_URL": self.nats_url,
        }


def find(instance: str, folder: Path) -> Stack | None:
    """The one that another process runs."""
    api, bus = daemon.find(service.daemon(service.API, folder)), daemon.find(nats.daemon(folder))
    if api is None or bus is None:
        return None
    api_url = service.Address(ports.LOOPBACK, api.port).url
    return Stack(instance, folder, api_url, nats.url(bus.port), {service.API: api.program})


@contextlib.contextmanager
def running(config: settings.Settings, folder: Path, programs: dict[str, Path]) -> Iterator[Stack]:
    with contextlib.ExitStack() as undo:
        if not _servers_run(folder):
            undo.callback(_stop_servers, config.instance)
        variables = _start_servers(config.instance)
        stop_services(folder)  # left behind by a run that was killed
        keys.make_missing(folder)
        addresses = {}
        for name in (service.API, service.DELIVERER):
            address = addresses[name] = service.choose_address(name, config.instance == settings.DEV)
            environment = service.variables(name, address, folder, variables)
            server = service.Service(name, folder, programs[name], address, environment)
            daemon.start(server)
            undo.callback(daemon.stop, server.daemon)
        yield Stack(config.instance, folder, addresses[service.API].url, variables["POSTHORN_NATS_URL"], programs)


def stop_services(folder: Path) -> None:
    for name in (service.DELIVERER, service.API):
        daemon.stop(service.daemon(name, folder))


def _servers_run(folder: Path) -> bool:
    return all(daemon.find(server) for server in (postgres.daemon(folder), nats.daemon(folder)))


def _start_servers(instance: str) -> dict[str, str]:
    command: list[str | Path] = [sys.executable, SERVICES_COMMAND]
    if run_to_end([*command, "start", "--instance", instance]).returncode != 0:
        raise Failure("PostgreSQL and nats-server do not run; their words stand above")
    lines = run_to_end([*command, "env", "--instance", instance], stdout=subprocess.PIPE).stdout
    return dict(line.split("=", 1) for line in shlex.split(lines))


def _stop_servers(instance: str) -> None:
    # In a session of its own: a second Ctrl-C hurries the services, and must not cut this short.
    command = [sys.executable, SERVICES_COMMAND, "stop", "--instance", instance]
    if run_to_end(command, start_new_session=True).returncode != 0:
        say(f"PostgreSQL and nats-server may still run: {REPOSITORY}/deploy/local/services stop --instance {instance}")
