"""How long a service may take to stop: whatever stops it waits longer than the service drains, and that is longer than any request.

The chart's own rule, that its grace period follows its drain time, is among `chart_rules`.
"""

import re

import yaml

from .report import ROOT, Report

END_SECONDS = 10
"""What a process takes to end after its drain."""

UNITS = ("posthorn-api", "posthorn-deliverer")


def check(report: Report) -> None:
    longest = _number("crates/domain/src/limits.rs", r"TIMEOUT_SECONDS_MAX: u16 = (\d+);")
    drain = _number("crates/service/src/settings/table.rs", r'"drain_seconds",[^;]*?\.default\("(\d+)"\)')
    report.need(drain >= longest + END_SECONDS, f"a service drains for {drain} s, a request may take {longest} s")
    chart = yaml.safe_load(_text("deploy/kubernetes/posthorn/values.yaml"))["settings"]["drainSeconds"]
    report.need(chart >= drain, f"the chart lets a service drain for {chart} s, the service itself {drain} s")
    page = _number("docs/operations.md", r"`POSTHORN_DRAIN_SECONDS` \((\d+)\)")
    report.need(page == drain, f"docs/operations.md says that a service drains for {page} s, not {drain} s")

    waits = {f"{unit}.service": _number(f"deploy/debian/systemd/{unit}.service", r"TimeoutStopSec=(\d+)") for unit in UNITS}
    waits["init-functions"] = _number("deploy/debian/init-functions", r"--retry TERM/(\d+)/")
    services = yaml.safe_load(_text("docker-compose.yml"))["services"]
    for name in ("api", "deliverer"):
        waits[f"docker-compose.yml: {name}"] = int(services[name]["stop_grace_period"].removesuffix("s"))
    for who, seconds in waits.items():
        report.need(seconds >= drain + END_SECONDS, f"{who} kills after {seconds} s what may drain for {drain} s")


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _number(name: str, pattern: str) -> int:
    found = re.search(pattern, _text(name))
    if found is None:
        raise ValueError(f"{name} holds no {pattern}")
    return int(found[1])
