"""The Helm chart: rendered by Helm for each set of values, judged by Kubernetes' schemas and by our own rules."""

import copy
import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml

from . import operators
from .chart_rules import judge
from .cluster import KINDS
from .helm import Helm, HelmError, values_file
from .report import ROOT, Report

CHART = ROOT / "deploy/kubernetes/posthorn"
KUBERNETES = ("1.30", "1.37")
"""The oldest that the chart takes, and the newest whose schemas are at hand."""

REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("no Secret named", {"secrets": {"existingSecret": ""}}),
    ("a value with a typo", {"api": {"replica": 3}}),
    ("a password in a value", {"nats": {"url": "nats://posthorn:password@nats:4222"}}),
    ("an unknown way of scaling", {"deliverer": {"autoscaling": {"mode": "magic"}}}),
    ("policies that do not say where PostgreSQL is", {"networkPolicy": {"postgresqlTo": []}}),
    ("more days than the services take", {"settings": {"retentionDays": 100_000}}),
]


def check(report: Report, helm: Helm) -> None:
    for fault in helm.lint(CHART):
        report.fault(f"helm lint: {fault}")
    sets = sorted((CHART / "ci").glob("*.yaml"))
    report.need(len(sets) >= 4, "there are fewer than four sets of values")
    seen: set[str] = set()
    for values in sets:
        try:
            documents = helm.render(CHART, values)
        except HelmError as error:
            report.fault(f"{values.name}: {error}")
            continue
        seen |= {document["kind"] for document in documents}
        _schemas(report, values.name, documents)
        judge(report, values.name, documents)
    unseen = {kind for kinds in KINDS.values() for kind in kinds} - seen - {"PersistentVolumeClaim", "Secret", "ServiceMonitor", "TriggerAuthentication"}
    report.need(not unseen, f"no set of values renders {sorted(unseen)}")
    _refusals(report, helm)
    _documented(report)
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    version = re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(encoding="utf-8"), flags=re.MULTILINE)
    report.need(version and chart["appVersion"] == version[1], "Chart.yaml's appVersion is not the version in Cargo.toml")


def _schemas(report: Report, where: str, documents: list[dict[str, Any]]) -> None:
    for document in documents:
        name = f"{where}: {document.get('kind')} {document.get('metadata', {}).get('name')}"
        report.need(document.get("apiVersion") in KINDS and document["kind"] in KINDS[document["apiVersion"]], f"{name}: unexpected kind")
        of_operator = operators.faults(document)
        if of_operator is not None:
            report.checked += 1
            for fault in of_operator:
                report.fault(f"{name}: {fault}")
            continue
        for version in KUBERNETES:
            try:
                kubernetes_validate.validate(document, version, strict=True)
                report.checked += 1
            except kubernetes_validate.ValidationError as error:
                report.fault(f"{name} (Kubernetes {version}): {'.'.join(map(str, error.path))}: {error.message[:300]}")


def _refusals(report: Report, helm: Helm) -> None:
    minimal = yaml.safe_load((CHART / "ci/minimal.yaml").read_text(encoding="utf-8"))
    for what, change in REFUSED:
        with values_file(_merged(minimal, change)) as values:
            try:
                helm.render(CHART, values)
                report.fault(f"the chart takes {what}")
            except HelmError:
                report.checked += 1


def _merged(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    merged = copy.deepcopy(base)
    for key, value in change.items():
        merged[key] = _merged(merged.get(key, {}), value) if isinstance(value, dict) else value
    return merged


def _documented(report: Report) -> None:
    """Every value is told in the README, with its default; none is told that does not exist."""
    values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    told = set(re.findall(r"^\| `([\w.]+)` \|", (CHART / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE))
    there = set(_leaves(values))
    report.need(there == told, f"the chart's README and values.yaml differ: {sorted(there ^ told)}")


def _leaves(values: Any, path: str = "") -> list[str]:
    if isinstance(values, dict) and values and not path.endswith(("Labels", "labels", "resources", "podDisruptionBudget")):
        return [leaf for key, value in values.items() for leaf in _leaves(value, f"{path}.{key}" if path else key)]
    return [path]
