"""A nats-server of a cluster of three."""

import json
import signal
from pathlib import Path
from typing import Any

from local_services import ports
from local_services.daemon import Daemon, Stop
from local_services.owner import Owner

from . import nats_wire

STOPS = (Stop(signal.SIGTERM, 20), Stop(signal.SIGKILL, 5))
EVENTS = "POSTHORN_EVENTS"


class Node:
    """Knows the others by their ports, so all ports are chosen before the first one starts."""

    port_variable = ""

    def __init__(
        self, number: int, folder: Path, owner: Owner, program: Path, max_file_bytes: int, sync_always: bool
    ) -> None:
        self.name = f"nats-{number}"
        self.folder = folder
        self.configuration = folder / f"{self.name}.conf"
        self.daemon = Daemon(self.name, folder, self.configuration, STOPS)
        self.owner = owner
        self.program = program
        self.port: int | None = ports.any_free()
        self.cluster_port = ports.any_free()
        self.max_file_bytes = max_file_bytes
        self.sync_always = sync_always
        self.peers: list[Node] = []

    def prepare(self, port: int) -> list[str | Path]:
        store = self.folder / self.name
        if not store.exists():
            store.mkdir(mode=0o700)
            self.owner.give(store)
        routes = [f"nats-route://{ports.LOOPBACK}:{peer.cluster_port}" for peer in self.peers]
        jetstream = {"store_dir": str(store), "max_file_store": self.max_file_bytes}
        if self.sync_always:
            jetstream["sync_interval"] = "always"
        settings: dict[str, Any] = {
            "listen": f"{ports.LOOPBACK}:{port}",
            "server_name": self.name,
            "jetstream": jetstream,
        }
        if routes:
            settings["cluster"] = {
                "name": "drill",
                "listen": f"{ports.LOOPBACK}:{self.cluster_port}",
                "routes": routes,
                # Clients know the lines that they are given, and shall not be told of ways around them.
                "no_advertise": True,
            }
        self.configuration.write_text(json.dumps(settings, indent=2), encoding="utf-8")
        self.configuration.chmod(0o644)
        return [self.program, "--config", self.configuration]

    def process_arguments(self) -> dict[str, Any]:
        return self.owner.process_arguments()

    def is_ready(self, port: int) -> bool:
        """It listens. Whether the cluster has a leader is asked elsewhere: alone it never has one."""
        return nats_wire.listens(port)


def leader(nodes: list[Node], stream: str = EVENTS) -> str | None:
    """Who leads a stream; None while nobody can say."""
    return (info(nodes, stream).get("cluster") or {}).get("leader")


def is_whole(nodes: list[Node]) -> bool:
    """Every replica of the events is there and up to date."""
    cluster = info(nodes, EVENTS).get("cluster") or {}
    replicas = cluster.get("replicas") or []
    return bool(cluster.get("leader")) and len(replicas) == 2 and all(one.get("current") for one in replicas)


def info(nodes: list[Node], stream: str) -> dict[str, Any]:
    for node in nodes:
        answer = nats_wire.ask(node.port or 0, f"$JS.API.STREAM.INFO.{stream}")
        if answer and "error" not in answer:
            return answer
    return {}
