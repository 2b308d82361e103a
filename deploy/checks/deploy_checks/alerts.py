"""Alert rules and dashboards: judged by promtool, and by whether what they name exists."""

import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import yaml

from .report import ROOT, Report

RULES = ROOT / "deploy/kubernetes/posthorn/files/rules"
TESTS = ROOT / "deploy/checks/alerts"
DASHBOARDS = ROOT / "deploy/kubernetes/posthorn/files/dashboards"
RUNBOOK = "https://github.com/posthorn/posthorn/blob/main/docs/operations.md#"
SEVERITIES = ("critical", "warning", "info")

OURS = re.compile(r"\b(?:posthorn|http_server)_[a-z_]+\b")
"""Names of metrics that the services make. Those of exporters are theirs."""

SUFFIXES = re.compile(r"_(bucket|count|sum)$")


def check(report: Report, promtool: Path) -> None:
    rules = sorted(RULES.glob("*.yaml"))
    tests = sorted(TESTS.glob("*.yaml"))
    _run(report, [promtool, "check", "rules", *rules])
    _run(report, [promtool, "test", "rules", *tests])
    alerts = [rule for file in rules for group in _yaml(file)["groups"] for rule in group["rules"] if "alert" in rule]
    headings = headings_of(ROOT / "docs/operations.md")
    told = "\n".join(file.read_text(encoding="utf-8") for file in tests)
    for alert in alerts:
        name = alert["alert"]
        report.need(alert["labels"].get("severity") in SEVERITIES, f"{name}: no severity")
        report.need({"summary", "description", "runbook_url"} <= set(alert["annotations"]), f"{name}: lacks words for a person")
        runbook = alert["annotations"].get("runbook_url", "")
        report.need(runbook == RUNBOOK + name.lower(), f"{name}: its runbook is {runbook}")
        report.need(name.lower() in headings, f"{name}: docs/operations.md has no heading for it")
        report.need(re.search(rf'alertname="{name}",alertstate="firing"|alertname: {name}\b', told), f"{name}: no test sees it fire")
    expressions = [rule["expr"] for file in rules for group in _yaml(file)["groups"] for rule in group["rules"]]
    for file in sorted(DASHBOARDS.glob("*.json")):
        found = _expressions(report, file)
        expressions += found
        _parse(report, promtool, file.name, found)
    _known(report, expressions)


def _run(report: Report, command: list[str | Path]) -> None:
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    report.need(finished.returncode == 0, f"{Path(command[0]).name} {command[1]} {command[2]}:\n{finished.stdout}{finished.stderr}")


def _yaml(file: Path) -> dict[str, Any]:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def headings_of(page: Path) -> set[str]:
    """As GitHub makes anchors of them."""
    lines = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def _expressions(report: Report, file: Path) -> list[str]:
    dashboard = json.loads(file.read_text(encoding="utf-8"))
    report.need(dashboard["uid"].startswith("posthorn-"), f"{file.name}: no stable uid")
    ids = [panel["id"] for panel in dashboard["panels"]]
    report.need(len(ids) == len(set(ids)), f"{file.name}: two panels of one id")
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        grid = panel["gridPos"]
        cells = {(x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])}
        report.need(not cells & taken and grid["x"] + grid["w"] <= 24, f"{file.name}: {panel['title']} lies on another panel")
        taken |= cells
    return [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]


def _parse(report: Report, promtool: Path, name: str, expressions: list[str]) -> None:
    """As recording rules, with Grafana's variables filled in."""
    filled = [e.replace("$__rate_interval", "5m").replace("$instance", ".*") for e in expressions]
    rules = [{"record": f"expression:{number}", "expr": expression} for number, expression in enumerate(filled)]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump({"groups": [{"name": name, "rules": rules}]}, file)
        file.flush()
        _run(report, [promtool, "check", "rules", file.name])


def _known(report: Report, expressions: list[str]) -> None:
    told = set(OURS.findall((ROOT / "docs/telemetry.md").read_text(encoding="utf-8")))
    for expression in expressions:
        for name in OURS.findall(re.sub(r'\{[^}]*\}|"[^"]*"', "", expression)):
            report.need(name in told or SUFFIXES.sub("", name) in told, f"docs/telemetry.md knows no metric {name}")
