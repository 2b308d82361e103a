"""What a drill is told: by flags, and by variables for `make`."""

import argparse
import os
from pathlib import Path

from . import faults

PARTS = ("faults", "alerts", "upgrade", "sync")


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="drill",
        description="Breaks everything that can break while a load runs, and accounts for every event. Sends to loopback"
        " only. The machine should do nothing else.",
    )
    environment = os.environ.get
    parser.add_argument("part", nargs="?", choices=PARTS, default=PARTS[0], help="which drill (default faults)")
    parser.add_argument(
        "--rate", type=int, metavar="N", default=int(environment("DRILL_RATE") or 0) or None,
        help="events a second (DRILL_RATE, default 1000; 100 for alerts)",
    )
    parser.add_argument(
        "--seconds", type=float, metavar="N", default=float(environment("DRILL_SECONDS") or 0) or None,
        help="how long the load runs; no shorter than the faults last (DRILL_SECONDS, default 600)",
    )
    parser.add_argument(
        "--faults", metavar="NAMES", default=environment("DRILL_FAULTS"),
        help="which, by parts of their names separated by commas (DRILL_FAULTS, default all)",
    )
    parser.add_argument(
        "--profile", default=environment("DRILL_PROFILE") or "release",
        help="cargo's profile (DRILL_PROFILE, default release)",
    )
    parser.add_argument("--binaries", type=Path, metavar="FOLDER", help="where the programs are, instead of building them")
    parser.add_argument(
        "--old", metavar="REVISION", default=environment("OLD") or None,
        help="upgrade: the revision to come from (OLD)",
    )
    parser.add_argument(
        "--old-binaries", type=Path, metavar="FOLDER", default=environment("OLD_BINARIES"),
        help="upgrade: where its programs are, instead of building them (OLD_BINARIES)",
    )
    parser.add_argument("--unwatched", action="store_true", help="without Prometheus, so alerts are not looked at")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/reliability.md")
    parser.add_argument("--keep", action="store_true", help="keep data and logs for a look")
    return parser


def chosen(names: str | None, among: tuple[faults.Fault, ...] = faults.ALL) -> list[faults.Fault]:
    if not names:
        return list(among)
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    return [fault for fault in among if any(name in fault.name for name in wanted)]
