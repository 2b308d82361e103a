"""Sends events to one receiver in bursts, and counts what came of them."""

import random
import socket
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_run.client import Client
from local_services.messages import Failure

from .certificate import Certificate
from .delay import Delays
from .servers import Running, Server

BURSTS = 40
PAUSE_SECONDS_MAX = 6.0
"""Servers that keep connections longer are not waited for."""
RELOADS = 7
SETTLED_WITHIN_SECONDS = 180
RETRY_SECONDS = 2
PAGE = 500


@dataclass(frozen=True)
class Result:
    server: Server
    deliveries: int
    failed_attempts: int
    failed_deliveries: int
    repeats: int
    missing: int
    reloads: int
    failures: dict[str, int]

    @property
    def is_good(self) -> bool:
        failed_attempts = 0 if self.server.drops_new_connections else self.failed_attempts
        return not (failed_attempts or self.failed_deliveries or self.repeats or self.missing)


def run(server: Server, client: Client, delays: Delays, certificate: Certificate, log: Path) -> Result:
    running = Running(server, log)
    try:
        _wait_until_it_listens(server.port, log)
        return _exercise(running, client, delays, certificate)
    finally:
        running.stop()


def _exercise(running: Running, client: Client, delays: Delays, certificate: Certificate) -> Result:
    server = running.server
    port = delays.line(server.port)
    event_type = "receiver." + "".join(letter if letter.isalnum() else "_" for letter in server.name)
    webhook: dict[str, Any] = {
        "name": server.name,
        "url": server.url.replace(str(server.port), str(port)),
        "event_types": [event_type],
        "max_retries": 2,
        "retry_delay_seconds": RETRY_SECONDS,
    }
    if server.https:
        webhook["tls"] = {"ca_certificate": certificate.authority}
    made = client.post("/webhooks", webhook)["id"]
    choose = random.Random(server.name)
    sent, reloads = 0, 0
    for burst in range(BURSTS):
        until = server.events * (burst + 1) // BURSTS
        # Some at once, and some one after the other, so that a reload meets requests on their way.
        while sent < until:
            count = min(choose.randint(1, 10), until - sent)
            client.post("/events", [{"type": event_type, "data": {"n": sent + n}} for n in range(count)])
            sent += count
            time.sleep(choose.uniform(0, 0.03))
        if server.reloads and burst % (BURSTS // RELOADS) == 2:
            running.reload()
            reloads += 1
        else:
            # Around the moment at which the server closes what lies idle.
            time.sleep(min(max(0.1, server.idle_seconds + choose.uniform(-0.2, 0.1)), PAUSE_SECONDS_MAX) * _pauses(server))
    return _count(running, client, made, sent, reloads)


def _pauses(server: Server) -> float:
    return 1.0 if server.idle_seconds <= PAUSE_SECONDS_MAX else 0.1


def _count(running: Running, client: Client, webhook: str, sent: int, reloads: int) -> Result:
    deadline = time.monotonic() + SETTLED_WITHIN_SECONDS
    while True:
        deliveries = _deliveries(client, webhook)
        settled = [one for one in deliveries if one["status"] in ("success", "failed")]
        if len(settled) >= sent:
            break
        if time.monotonic() > deadline:
            raise Failure(f"{running.server.name}: {len(settled)} of {sent} deliveries are settled")
        time.sleep(1)
    seen = Counter(running.seen())
    failures: Counter[str] = Counter()
    for one in settled:
        if one["attempt_count"] > 1 or one["status"] == "failed":
            for attempt in client.get(f"/deliveries/{one['id']}")["attempts"]:
                if attempt["status_code"] != 200:
                    failures[attempt["error_message"] or str(attempt["status_code"])] += 1
    return Result(
        server=running.server,
        deliveries=len(settled),
        failed_attempts=sum(failures.values()),
        failed_deliveries=sum(one["status"] == "failed" for one in settled),
        repeats=sum(times - 1 for times in seen.values()),
        missing=sum(one["id"] not in seen for one in settled if one["status"] == "success"),
        reloads=reloads,
        failures=dict(failures),
    )


def _deliveries(client: Client, webhook: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        page = client.get(f"/webhooks/{webhook}/deliveries", limit=PAGE, offset=len(found))
        found += page["deliveries"]
        if not page["deliveries"] or not page["has_more"]:
            return found


def _wait_until_it_listens(port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise Failure(f"a server does not listen:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
