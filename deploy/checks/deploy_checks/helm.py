"""Renders a chart with Helm: the program where there is one, else its library (see cluster.py)."""

import contextlib
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import yaml

from .cluster import cluster
from .helm_library import HelmError, Library

RELEASE = "hooks"
NAMESPACE = "webhooks"


class Helm:
    def __init__(self, program: Path | None, library: Path | None) -> None:
        self.program = program
        self.library = Library(library) if library else None

    def lint(self, chart: Path) -> list[str]:
        """What Helm finds wrong with the chart itself."""
        if self.library is None:
            linted = subprocess.run([self.program, "lint", chart, *self._trial(chart)], capture_output=True, text=True, check=False)
            return [] if linted.returncode == 0 else [linted.stdout + linted.stderr]
        with cluster() as (kubeconfig, _):
            result = self.library.configuration(kubeconfig, NAMESPACE).lint(chart)
        return [str(error) for error in result["Errors"] or []]

    def render(self, chart: Path, values: Path) -> list[dict[str, Any]]:
        """Every object, hooks included. Raises HelmError where Helm refuses."""
        text = self._by_program(chart, values) if self.library is None else self._by_library(chart, values)
        return [document for document in yaml.safe_load_all(text) if document]

    @staticmethod
    def _trial(chart: Path) -> list[str | Path]:
        return ["--values", chart / "ci" / "trial.yaml"]

    def _by_program(self, chart: Path, values: Path) -> str:
        command = [self.program, "template", RELEASE, chart, "--namespace", NAMESPACE, "--values", values, "--kube-version", "1.34.0"]
        rendered = subprocess.run(command, capture_output=True, text=True, check=False)
        if rendered.returncode != 0:
            raise HelmError(rendered.stderr)
        return rendered.stdout

    def _by_library(self, chart: Path, values: Path) -> str:
        assert self.library is not None
        with cluster() as (kubeconfig, recorder):
            configuration = self.library.configuration(kubeconfig, NAMESPACE)
            refused: HelmError | None = None
            try:
                configuration.install(RELEASE, chart, yaml.safe_load(values.read_text(encoding="utf-8")) or {})
            except HelmError as error:
                # The server refuses whatever follows the record, so an error alone says nothing.
                refused = error
        if recorder.release is None:
            raise refused or HelmError("nothing was rendered")
        hooks = [hook["manifest"] for hook in recorder.release.get("hooks") or []]
        return "\n---\n".join([recorder.release["manifest"], *hooks])


@contextlib.contextmanager
def values_file(values: dict[str, Any]):
    """A file with these values."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(values, file)
        file.flush()
        yield Path(file.name)
