"""The Dockerfile: the linter, and what the linter cannot see: that everything it copies is there and is sent."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .report import ROOT, Report

FOLDERS = ("crates", "examples")
"""Where the workspace's crates are."""


def check(report: Report, hadolint: Path) -> None:
    linted = subprocess.run(
        [hadolint, "--config", ROOT / "deploy/checks/hadolint.yaml", ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    report.need(linted.returncode == 0, f"hadolint:\n{linted.stdout}{linted.stderr}")
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    sent = _sent()
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, flags=re.MULTILINE):
        for source in line.split()[:-1]:
            report.need((ROOT / source).exists(), f"Dockerfile: {source} does not exist")
            covered = any(source == kept or source.startswith(f"{kept}/") for kept in sent)
            report.need(covered, f"Dockerfile: .dockerignore keeps {source} back")
    for image in re.findall(r"^FROM (\S+)", text, flags=re.MULTILINE):
        report.need(re.search(r":\S*\d+", image) or ":nonroot" in image, f"Dockerfile: {image} is not pinned")
    _manifests(report)


def _sent() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line[1:] for line in lines if line.startswith("!")]


def _manifests(report: Report) -> None:
    """The layer of dependencies is built of empty crates: they must be the same crates with the same programs."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary)
        for file in ("Cargo.toml", "Cargo.lock"):
            shutil.copy(ROOT / file, copy)
        for folder in FOLDERS:
            shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("node_modules", "target", ".venv"))
        subprocess.run([ROOT / "deploy/docker/keep-manifests"], cwd=copy, check=True)
        report.need(_targets(copy) == _targets(ROOT), "keep-manifests leaves other programs and libraries than there are")
        left = [file for folder in FOLDERS for file in (copy / folder).rglob("*") if file.is_file() and file.name != "Cargo.toml"]
        sources = all(file.suffix == ".rs" and file.read_text() in ("", "fn main() {}\n") for file in left)
        report.need(sources, "keep-manifests leaves sources, so that each change builds all dependencies again")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ".git").mkdir()
        refused = subprocess.run([ROOT / "deploy/docker/keep-manifests"], cwd=folder, capture_output=True, check=False)
        report.need(refused.returncode == 1, "keep-manifests would delete the sources of a clone")


def _targets(root: Path) -> set[tuple[str, str, str]]:
    command = ["cargo", "metadata", "--no-deps", "--offline", "--format-version", "1"]
    found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, env=os.environ)
    return {
        (package["name"], target["kind"][0], target["name"])
        for package in json.loads(found.stdout)["packages"]
        for target in package["targets"]
        if target["kind"][0] in ("bin", "lib")
    }
