"""The command."""

import argparse
import concurrent.futures
import signal
import sys
import urllib.request
from pathlib import Path

from local_run import build, claim, service, stack
from local_run.client import Client
from local_services import daemon, owner, places, postgres, settings
from local_services.messages import Failure, say

from . import certificate, exercise, report, servers
from .delay import Delays

INSTANCE = "receivers"
AT_ONCE = 14
"""How many servers are exercised at the same time: they wait most of the time."""


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    # As an exception, so that everything that was started is stopped.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        return _run(options, places.Places())
    except Failure as failure:
        say(str(failure))
    except KeyboardInterrupt:
        say("interrupted")
    return 1


def _run(options: argparse.Namespace, where: places.Places) -> int:
    programs = build.binaries(options.binaries)
    config = settings.of(INSTANCE)
    folder = where.folder(INSTANCE, owner.of_servers(postgres.data_folder(where.existing(INSTANCE))))
    with claim.claimed(folder, INSTANCE), stack.running(config, folder, programs) as running:
        client = Client(running.api_url, running.admin_key)
        made = certificate.made(folder)
        delays = Delays(options.round_trip / 2000)
        chosen = [
            server
            for server in servers.all_of(servers.Ground(where, folder, made))
            if not options.only or any(part in server.name for part in options.only.split(";"))
        ]
        say(f"{len(chosen)} servers, {options.round_trip} ms away: {'; '.join(server.name for server in chosen)}")
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            tasks = [
                pool.submit(exercise.run, server, client, delays, made, folder / f"server-{number}.log")
                for number, server in enumerate(chosen)
            ]
            results = [task.result() for task in tasks]
        text = report.table(results)
        print(text)
        print(_sent_again(folder))
    for result in results:
        for words, count in result.failures.items():
            say(f"{result.server.name}: {count} × {words}")
    if options.write:
        report.write(text)
    return 0 if all(result.is_good for result in results) else 1


def _sent_again(folder: Path) -> str:
    """What the deliverer counted."""
    found = daemon.find(service.daemon(service.DELIVERER, folder))
    if found is None:
        return ""
    with urllib.request.urlopen(f"http://127.0.0.1:{found.port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return "\n".join(line for line in lines if line.startswith("posthorn_requests_sent_again"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="receivers",
        description="Delivers events to the servers that receivers run, across their idle time-outs and reloads; fails if"
        " an attempt failed or a request came twice. Takes about five minutes.",
    )
    parser.add_argument("--binaries", type=Path, metavar="FOLDER", help="where the programs are, instead of building them")
    parser.add_argument("--only", metavar="PARTS", help="servers whose names hold one of these, separated by semicolons")
    parser.add_argument(
        "--round-trip", type=float, default=60, metavar="MS", help="how far away the receivers are (default 60 ms)"
    )
    parser.add_argument("--write", action="store_true", help="write the table into docs/receivers.md")
    return parser
