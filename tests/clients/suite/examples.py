"""The programs in examples/, as their README.md says they are started."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path

from .pages import HERE, REPOSITORY, Page

PORT_IN_EXAMPLES = "9000"
BUILD_SECONDS_MAX = 300
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or REPOSITORY / "target") / "debug"
"""Where the tests' build leaves programs; `cargo run` would build their dependencies a second time, with other features."""


class Example:
    """A copy of one folder, so that what a program writes does no harm; beside node_modules, where Node.js looks."""

    def __init__(self, test: unittest.TestCase, folder: str) -> None:
        self.test = test
        self.page = Page(f"{folder}/README.md")
        parent = test.enterContext(tempfile.TemporaryDirectory(prefix=".example-", dir=HERE))
        self.folder = Path(shutil.copytree(REPOSITORY / folder, Path(parent) / "example"))

    def command(self, name: str, port: int = 0) -> list[str]:
        """What the block says, without the variables before it. Skips the test if the language is not at hand."""
        [line] = self.page.named(name).strip().splitlines()
        words = shlex.split(line.replace(PORT_IN_EXAMPLES, str(port)))
        while "=" in words[0]:
            words = words[1:]
        match words:
            case ["python", *rest]:
                return [sys.executable, *rest]
            case ["cargo", "run"]:
                return [self._built_by_cargo(self._package())]
            case ["cargo", "run", "--bin", name]:
                return [self._built_by_cargo(name)]
            case ["go", "run", file]:
                return [self._build_go(file)]
        self._need(words[0])
        return words

    def _package(self) -> str:
        manifest = tomllib.loads((self.folder / "Cargo.toml").read_text(encoding="utf-8"))
        return str(manifest["package"]["name"])

    def _built_by_cargo(self, name: str) -> str:
        program = TARGET / name
        self.test.assertTrue(program.is_file(), f"no {program}: cargo build --workspace --bins makes it")
        return str(program)

    def _build_go(self, file: str) -> str:
        """`go run` would not pass a signal on to the program. Without modules, what Debian packages is found as well."""
        self._need("go")
        variables = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "", "GOCACHE": self._go_cache()}
        command = ["go", "build", "-o", "program", file]
        built = subprocess.run(
            command,
            cwd=self.folder,
            env=os.environ | variables,
            capture_output=True,
            text=True,
            timeout=BUILD_SECONDS_MAX,
            check=False,
        )
        if "cannot find package" in built.stderr:
            self.test.skipTest(f"a package of Go is not installed: {file} was not run")
        self.test.assertEqual(built.returncode, 0, built.stderr)
        return str(self.folder / "program")

    def _go_cache(self) -> str:
        return subprocess.run(["go", "env", "GOCACHE"], capture_output=True, text=True, check=True).stdout.strip()

    def _need(self, program: str) -> None:
        if shutil.which(program) is None:
            self.test.skipTest(f"{program} is not on this machine: the example was not run")
