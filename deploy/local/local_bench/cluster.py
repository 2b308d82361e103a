"""One posthorn-api and some posthorn-deliverers beside the servers of the instance."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local_run import keys, service
from local_services import daemon, nats, ports, postgres


@dataclass(frozen=True)
class Cluster:
    api_url: str
    nats_url: str
    admin_key: str
    processes: tuple[tuple[str, int], ...]
    """Name and pid of each; replicas share a name."""

    def arguments(self) -> list[str]:
        """What `posthorn bench` must know of it."""
        arguments = ["--api-url", self.api_url, "--nats-url", self.nats_url]
        for name, pid in self.processes:
            arguments += ["--process", f"{name}={pid}"]
        return arguments

    def variables(self) -> dict[str, str]:
        return {**os.environ, "POSTHORN_KEY": self.admin_key}


@contextlib.contextmanager
def running(
    folder: Path, programs: dict[str, Path], servers: dict[str, str], deliverers: int
) -> Iterator[Cluster]:
    keys.make_missing(folder)
    with contextlib.ExitStack() as undo:
        processes = []
        for name, daemon_class in ((postgres.daemon(folder), "postgres"), (nats.daemon(folder), "nats-server")):
            if running_server := daemon.find(name):
                processes.append((daemon_class, running_server.pid))
        api = _service(service.API, 1, folder, programs, servers)
        processes.append(("api", daemon.start(api).pid))
        undo.callback(daemon.stop, api.daemon)
        for number in range(1, deliverers + 1):
            deliverer = _service(service.DELIVERER, number, folder, programs, servers)
            processes.append(("deliverer", daemon.start(deliverer).pid))
            undo.callback(daemon.stop, deliverer.daemon)
        yield Cluster(api.address.url, servers["POSTHORN_NATS_URL"], keys.admin(folder), tuple(processes))


def _service(
    name: str, number: int, folder: Path, programs: dict[str, Path], servers: dict[str, str]
) -> service.Service:
    address = service.Address(ports.LOOPBACK, ports.any_free())
    variables = service.variables(name, address, folder, servers)
    made = service.Service(name, folder, programs[name], address, variables)
    # Replicas need records of their own.
    made.daemon = daemon.Daemon(f"{name}-{number}", folder, keys.master_file(folder), service.STOPS)
    return made
