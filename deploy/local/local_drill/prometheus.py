"""Debian's Prometheus: scrapes every service, and evaluates the alert rules that operators get."""

import json
import signal
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from local_services import daemon, debian, ports
from local_services.daemon import Daemon, Stop
from local_services.places import REPOSITORY, Places

from .services import Replica

RULES = REPOSITORY / "deploy" / "kubernetes" / "posthorn" / "files" / "rules"
SCRAPE_SECONDS = 2
QUERY_SECONDS_MAX = 10
STOPS = (Stop(signal.SIGTERM, 15), Stop(signal.SIGKILL, 5))


class Prometheus:
    port_variable = ""

    def __init__(self, where: Places, folder: Path, replicas: list[Replica], rules: Path) -> None:
        self.folder = folder
        self.configuration = folder / "prometheus.yml"
        # The flag as a whole is one argument, so the marker is a path that stands by itself.
        self.daemon = Daemon("prometheus", folder, self.configuration, STOPS)
        self.port: int | None = ports.any_free()
        self.program = debian.file(where, "prometheus", "bin/prometheus")
        self.replicas = replicas
        self.rules = rules

    def prepare(self, port: int) -> list[str | Path]:
        jobs: dict[str, list[str]] = {}
        for replica in self.replicas:
            jobs.setdefault(replica.kind, []).append(f"{replica.address.host}:{replica.address.port}")
        # JSON is YAML.
        settings = {
            "global": {"scrape_interval": f"{SCRAPE_SECONDS}s", "evaluation_interval": f"{SCRAPE_SECONDS}s"},
            "rule_files": [str(file) for file in sorted(self.rules.glob("*.y*ml")) if "test" not in file.stem],
            "scrape_configs": [
                {"job_name": job, "static_configs": [{"targets": targets}]} for job, targets in jobs.items()
            ],
        }
        self.configuration.write_text(json.dumps(settings, indent=2), encoding="utf-8")
        flags = [f"--storage.tsdb.path={self.folder / 'prometheus'}", f"--web.listen-address={ports.LOOPBACK}:{port}"]
        return [self.program, "--config.file", self.configuration, *flags]

    def process_arguments(self) -> dict[str, Any]:
        return {"cwd": "/", "stdin": subprocess.DEVNULL}

    def is_ready(self, port: int) -> bool:
        try:
            with urllib.request.urlopen(f"http://{ports.LOOPBACK}:{port}/-/ready", timeout=QUERY_SECONDS_MAX) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def start(self) -> None:
        daemon.start(self)

    def stop(self) -> None:
        daemon.stop(self.daemon)

    def firing(self) -> set[str]:
        """The alerts that fire now."""
        return {one["metric"]["alertname"] for one in self._ask("query", query='ALERTS{alertstate="firing"}')}

    def fired(self, begin: float, end: float) -> set[str]:
        """Those that fired at any moment between two times of day."""
        parameters = {"start": begin, "end": end, "step": SCRAPE_SECONDS}
        found = self._ask("query_range", query='ALERTS{alertstate="firing"}', **parameters)
        return {one["metric"]["alertname"] for one in found}

    def known(self) -> dict[str, float]:
        """Every alert, and how long its condition must last, in seconds."""
        groups = self._get("rules")["groups"]
        rules = (rule for group in groups for rule in group["rules"])
        return {rule["name"]: float(rule["duration"]) for rule in rules if rule["type"] == "alerting"}

    def _ask(self, path: str, **parameters: Any) -> list[dict[str, Any]]:
        return list(self._get(f"{path}?{urllib.parse.urlencode(parameters)}")["result"])

    def _get(self, path: str) -> Any:
        url = f"http://{ports.LOOPBACK}:{self.port}/api/v1/{path}"
        with urllib.request.urlopen(url, timeout=QUERY_SECONDS_MAX) as answer:
            return json.load(answer)["data"]


def scraped_again() -> None:
    """Long enough for what happened to be scraped and judged."""
    time.sleep(2 * SCRAPE_SECONDS)
