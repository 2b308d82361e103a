"""`run up` in a clone, and what it prints."""

import shutil
import subprocess
import threading
import unittest
from functools import cache
from pathlib import Path
from typing import IO

from local_run import build
from local_services import ports

from .clone import Clone

UP_SECONDS_MAX = 120
STOP_SECONDS_MAX = 60


@cache
def programs() -> dict[str, Path]:
    """Built once, in the real clone."""
    return build.binaries(None)


class Run:
    def __init__(self, test: unittest.TestCase, clone: Clone, **variables: str) -> None:
        self.clone = clone
        binaries = clone.root / "bin"
        if not binaries.exists():
            binaries.mkdir()
            for program in programs().values():
                _link(program, binaries / program.name)
        free = {name: f"127.0.0.1:{ports.any_free()}" for name in ("POSTHORN_LISTEN", "POSTHORN_ADMIN_LISTEN")}
        self.process = clone.command("up", "--binaries", str(binaries), program="run", **free | variables)
        self.output: list[str] = []
        self.errors: list[str] = []
        self._arrival = threading.Condition()
        self._readers = [
            threading.Thread(target=self._read, args=(stream, lines), daemon=True)
            for stream, lines in ((self.process.stdout, self.output), (self.process.stderr, self.errors))
        ]
        for reader in self._readers:
            reader.start()
        test.addCleanup(self._end)

    def wait_for(self, text: str, seconds_max: float = UP_SECONDS_MAX) -> str:
        """The first line of its output that holds the text."""

        def seen() -> str | None:
            return next((line for line in self.output if text in line), None)

        with self._arrival:
            self._arrival.wait_for(lambda: seen() or not self._is_running(), seconds_max)
            line = seen()
        if line is None:
            raise AssertionError(f"no {text!r} in:\n{self.text()}")
        return line

    def wait_up(self) -> dict[str, str]:
        """What `run env` tells once it is up."""
        self.wait_for("Posthorn is up")
        told = self.clone.run("env", program="run")
        assert told.returncode == 0, told.stderr
        return dict(line.split("=", 1) for line in told.stdout.splitlines())

    def signal(self, number: int) -> int:
        """Sends it, and returns the exit code."""
        self.process.send_signal(number)
        return self.wait_for_end()

    def wait_for_end(self) -> int:
        """The exit code, once all of its output is read."""
        code = self.process.wait(STOP_SECONDS_MAX)
        for reader in self._readers:
            reader.join(STOP_SECONDS_MAX)
        return code

    def text(self) -> str:
        return "".join([*self.errors, *self.output])

    def _read(self, stream: IO[str] | None, lines: list[str]) -> None:
        for line in stream or ():
            with self._arrival:
                lines.append(line)
                self._arrival.notify_all()
        with self._arrival:
            self._arrival.notify_all()

    def _is_running(self) -> bool:
        return self.process.poll() is None

    def _end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.wait_for_end()
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


def _link(program: Path, place: Path) -> None:
    """A second name where that can be had: a copy of all of them is hundreds of megabytes."""
    try:
        place.hardlink_to(program)
    except OSError:
        shutil.copy2(program, place)


def processes_of(clone: Clone) -> list[str]:
    """The command lines of everything that runs from the clone or on its data."""
    finished = subprocess.run(["ps", "-axww", "-o", "command="], capture_output=True, text=True, check=True)
    places = {str(clone.root), str((clone.local / "dev").resolve())}
    return [line for line in finished.stdout.splitlines() if any(place in line for place in places)]
