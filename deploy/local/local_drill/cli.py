"""The command: which drill, on what, and how it ends."""

import argparse
import contextlib
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from local_bench import circumstances
from local_run import build, claim
from local_services import places
from local_services.messages import Failure, say

from . import alerts, conductor, report, settings, sync, upgrade, verdict, world
from .faults import alerting
from .prometheus import RULES, Prometheus

INSTANCE = "drill"
ALERTS_RATE = 100
ALERTS_SECONDS_MAX = 3_600
"""Rules wait for minutes: about half an hour, and room for more."""
CALM_SECONDS = 60


def main(arguments: list[str]) -> int:
    options = settings.parser().parse_args(arguments)
    # As an exception, so that everything that was started is stopped.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    # Every connection through the lines takes two files, and a deliverer opens hundreds after an outage.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    where = places.Places()
    where.instance_lock(INSTANCE).touch()
    try:
        with claim.claimed(where.base, INSTANCE):
            where.remove_instance(INSTANCE)
            os.environ[build.PROFILE_VARIABLE] = options.profile
            programs = build.binaries(options.binaries)
            try:
                failures = PARTS[options.part](options, where, programs)
            finally:
                if not options.keep:
                    where.remove_instance(INSTANCE)
            for failure in failures:
                say(failure)
            return 1 if failures else 0
    except Failure as failure:
        say(str(failure))
    except KeyboardInterrupt:
        say("interrupted")
        return 128 + signal.SIGINT
    return 1


def _faults(options: argparse.Namespace, where: places.Places, programs: dict[str, Path]) -> list[str]:
    shape = world.Shape(options.rate or 1_000, options.seconds or 600.0)
    chosen = settings.chosen(options.faults)
    if not chosen:
        raise Failure("no fault has such a name")
    with world.running(where, INSTANCE, programs, shape) as running, _watched(options, where, running) as prometheus:
        begun = time.time()
        happenings = conductor.conduct(running, chosen, shape.rate, shape.seconds)
        say("no further events; waiting until each is delivered or dead")
        accounts = running.load.finish()
        records = verdict.recorded(running, accounts)
        fired = prometheus.fired(begun, time.time()) if prometheus else None
    failures = list(verdict.mistakes(accounts, records, happenings))
    failures += [f"{alert} fired: every fault was mended before it is worth a person's time" for alert in fired or ()]
    text = report.drill(accounts, records, happenings, _circumstances(options, shape), failures, fired)
    (where.base / "drill.json").write_text(json.dumps(accounts, indent=2), encoding="utf-8")
    _publish(options, "drill", text)
    return failures


def _alerts(options: argparse.Namespace, where: places.Places, programs: dict[str, Path]) -> list[str]:
    shape = world.Shape(options.rate or ALERTS_RATE, ALERTS_SECONDS_MAX)
    chosen = tuple(settings.chosen(options.faults, alerting.FAULTS))
    with world.running(where, INSTANCE, programs, shape) as running, _watched(options, where, running) as prometheus:
        if prometheus is None:
            raise Failure("alerts are what this drill is for")
        told = alerts.conduct(running, prometheus, chosen, shape.rate, CALM_SECONDS)
        accounts = running.load.finish()
        known = prometheus.known()
    failures = [mistake for one in told for mistake in one.mistakes]
    failures += [f"{one['name']}: {one['lost']} lost" for one in accounts["webhooks"] if one["lost"]]
    words = f"{shape.rate} events a second, {_build(options)}; the rules as they are shipped."
    text = alerts.report(told, known, words)
    _publish(options, "alerts", text)
    return failures


def _upgrade(options: argparse.Namespace, where: places.Places, programs: dict[str, Path]) -> list[str]:
    old = upgrade.old_programs(where, options.old, options.old_binaries)
    shape = world.Shape(options.rate or 500, options.seconds or 140.0, fronted=True)
    # The load is ours: it speaks to any version.
    with world.running(where, INSTANCE, old | {"posthorn": programs["posthorn"]}, shape) as running:
        drill = upgrade.Upgrade(running, old, programs, shape.rate, shape.seconds)
        drill.conduct()
        accounts = running.load.finish()
        records = verdict.recorded(running, accounts)
    failures = [*verdict.mistakes(accounts, records, []), *upgrade.mistakes(accounts, drill)]
    text = report.upgrade(accounts, drill.schemas, upgrade.versions(old, programs), _circumstances(options, shape), failures)
    _publish(options, "upgrade", text)
    return failures


def _sync(options: argparse.Namespace, where: places.Places, programs: dict[str, Path]) -> list[str]:
    found = sync.measure(where, INSTANCE, programs)
    _publish(options, "sync", sync.report(found, f"Published over HTTP, one event a request, {_build(options)}."))
    return []


PARTS = {"faults": _faults, "alerts": _alerts, "upgrade": _upgrade, "sync": _sync}


@contextlib.contextmanager
def _watched(
    options: argparse.Namespace, where: places.Places, running: world.World
) -> Iterator[Prometheus | None]:
    if options.unwatched:
        yield None
        return
    prometheus = Prometheus(where, running.folder, [*running.apis, *running.deliverers], RULES)
    prometheus.start()
    try:
        yield prometheus
    finally:
        prometheus.stop()


def _publish(options: argparse.Namespace, section: str, text: str) -> None:
    print(text, flush=True)
    if options.write:
        report.write(section, text)


def _build(options: argparse.Namespace) -> str:
    return f"profile {options.profile}, commit {circumstances.commit()}"


def _circumstances(options: argparse.Namespace, shape: world.Shape) -> str:
    return (
        f"{shape.rate:,} events a second over HTTP for {shape.seconds:,.0f} s, {_build(options)}, on {os.cpu_count()} cores"
        " that carried all of it: three nats-servers (R3), PostgreSQL and its synchronous standby,"
        f" {world.APIS} apis, {world.DELIVERERS} deliverers, publisher and receivers."
    )
