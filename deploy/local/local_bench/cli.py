"""The command: a cluster for each group of scenarios, `posthorn bench` against it, and the medians of all runs."""

import argparse
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

from local_run import build, claim
from local_run.processes import run_to_end
from local_services import owner, places, postgres
from local_services.messages import Failure, say

from . import circumstances, cluster, plan

INSTANCE = "bench"
SERVICES_COMMAND = Path(__file__).resolve().parents[1] / "services"
RUNS_MAX = 9


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    # As an exception, so that everything that was started is stopped.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        _measure(options, places.Places())
    except Failure as failure:
        say(str(failure))
        return 1
    except KeyboardInterrupt:
        say("interrupted")
        return 128 + signal.SIGINT
    return 0


def _measure(options: argparse.Namespace, where: places.Places) -> None:
    groups = list(plan.chosen(options.scenarios))
    os.environ[build.PROFILE_VARIABLE] = options.profile
    programs = build.binaries(options.binaries)
    # In the base, as the reports: the instance's folder is made anew for each group.
    where.instance_lock(INSTANCE).touch()
    with claim.claimed(where.base, INSTANCE):
        reports = []
        for run in range(1, options.runs + 1):
            for group in groups:
                say(f"run {run} of {options.runs}: {', '.join(group.scenarios)}")
                report = where.base / f"bench-{run}-{group.name}.json"
                _run(options, where, programs, group, report)
                reports.append(report)
    merge: list[str | Path] = [programs["posthorn"], "bench", "merge", *reports, "--json", options.json]
    if run_to_end(merge).returncode != 0:
        raise Failure("the runs could not be put together; their words stand above")
    say(f"the figures are in {options.json}")


def _run(
    options: argparse.Namespace, where: places.Places, programs: dict[str, Path], group: plan.Group, report: Path
) -> None:
    try:
        _services("start")
        folder = where.folder(INSTANCE, owner.of_servers(postgres.data_folder(where.existing(INSTANCE))))
        servers = dict(line.split("=", 1) for line in shlex.split(_services("env")))
        database = servers["POSTHORN_DATABASE_URL"]
        with cluster.running(folder, programs, servers, group.deliverers) as running:
            command: list[str | Path] = [programs["posthorn"], "bench", "--json", report, *running.arguments()]
            command += ["--scenario", ",".join(group.scenarios), *options.bench]
            for name, value in circumstances.notes(database, folder, options.profile).items():
                command += ["--note", f"{name}={value}"]
            # Its table is printed in the end, with those of the other groups and runs.
            finished = run_to_end(command, env=running.variables(), stdout=subprocess.DEVNULL)
            if finished.returncode != 0:
                raise Failure(f"{', '.join(group.scenarios)} could not be measured; the words stand above")
            if group.shows_tables:
                tables = circumstances.query(database, folder, circumstances.TABLE_SIZES)
                say(f"tables and their sizes, indexes included:\n{tables}")
    finally:
        # Made anew for the next: rows and messages of one group must not slow down another.
        _services("stop" if options.keep else "clean")


def _services(command: str) -> str:
    finished = run_to_end(
        [sys.executable, SERVICES_COMMAND, command, "--instance", INSTANCE],
        stdout=subprocess.PIPE,
    )
    if finished.returncode != 0:
        raise Failure(f"`services {command}` failed; its words stand above")
    return finished.stdout


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench",
        description="Posthorn's figures on this machine, beside what it promises. Takes about half an hour; the"
        " machine should do nothing else.",
    )
    environment = os.environ.get
    parser.add_argument(
        "--runs",
        type=int,
        choices=range(1, RUNS_MAX + 1),
        metavar="N",
        default=int(environment("BENCH_RUNS") or 1),
        help="how often; each figure is the median (BENCH_RUNS, default 1)",
    )
    parser.add_argument(
        "--profile",
        default=environment("BENCH_PROFILE") or "release",
        help="cargo's profile (BENCH_PROFILE, default release)",
    )
    parser.add_argument(
        "--binaries", type=Path, metavar="FOLDER", help="where the programs are, instead of building them"
    )
    parser.add_argument(
        "--scenarios",
        default=environment("BENCH_SCENARIOS"),
        metavar="NAMES",
        help="which, separated by commas (BENCH_SCENARIOS, default all but soak)",
    )
    parser.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        default=places.REPOSITORY / ".local" / "bench.json",
        help="where the figures go (default .local/bench.json)",
    )
    parser.add_argument("--keep", action="store_true", help="keep the servers' data and logs for a look")
    parser.add_argument(
        "bench", nargs="*", metavar="-- OPTIONS", help="for `posthorn bench`, such as --events 20000 --time 5s"
    )
    return parser
