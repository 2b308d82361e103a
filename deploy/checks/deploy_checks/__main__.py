"""Runs every check and tells all that is wrong."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from . import alerts, chart, compose, dockerfile, pages, stops
from .helm import Helm
from .report import Report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hadolint", type=Path, required=True)
    parser.add_argument("--promtool", type=Path, required=True)
    helm = parser.add_mutually_exclusive_group(required=True)
    helm.add_argument("--helm", type=Path)
    helm.add_argument("--helm-library", type=Path)
    arguments = parser.parse_args()
    checks: list[tuple[str, Callable[[Report], None]]] = [
        ("docker-compose.yml", compose.check),
        ("Dockerfile", lambda report: dockerfile.check(report, arguments.hadolint)),
        ("alert rules and dashboards", lambda report: alerts.check(report, arguments.promtool)),
        ("Helm chart", lambda report: chart.check(report, Helm(arguments.helm, arguments.helm_library))),
        ("stops", stops.check),
        ("pages", pages.check),
    ]
    failed = False
    for name, check in checks:
        report, began = Report(), time.monotonic()
        check(report)
        seconds = time.monotonic() - began
        print(f"{name}: {report.checked} checks, {len(report.wrong)} failed ({seconds:.0f} s)", flush=True)
        for what in report.wrong:
            print(f"  {what}", flush=True)
        failed = failed or bool(report.wrong) or report.checked == 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
