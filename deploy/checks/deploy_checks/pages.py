"""Links of the pages about operations: every file and heading that they lead to is there."""

import re
from pathlib import Path

from .alerts import headings_of
from .report import ROOT, Report

PAGES = ("docs/operations.md", "deploy/kubernetes/posthorn/README.md")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def check(report: Report) -> None:
    for name in PAGES:
        page = ROOT / name
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            report.need(target.exists(), f"{name}: {link} leads nowhere")
            if anchor and target.suffix == ".md" and target.exists():
                report.need(anchor in headings_of(target), f"{name}: {link} has no such heading")
