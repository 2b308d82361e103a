"""Programs that a page describes, and what they print."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

SECONDS_MAX = 30


LOCAL = Path(__file__).resolve().parents[3] / "deploy" / "local"


def free_port() -> int:
    """A port that nobody else takes before the program listens that is told of it."""
    sys.path.insert(0, str(LOCAL))
    from local_services import ports

    return ports.any_free()


@contextlib.contextmanager
def listening(
    command: list[str], port: int, variables: dict[str, str], folder: Path | None = None
) -> Iterator["Lines"]:
    """Runs a server until it is no longer wanted, once it takes connections."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = Lines(process)
    try:
        wait_for_port(port, process)
        yield lines
    finally:
        process.terminate()
        process.wait()
        lines.close()


class Lines:
    """What a process prints."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.seen: list[str] = []
        self.arrival = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def close(self) -> None:
        self._reader.join()
        if self.process.stdout:
            self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            with self.arrival:
                self.seen.append(line)
                self.arrival.notify_all()


def wait_for_line(lines: Lines, pattern: str) -> None:
    with lines.arrival:
        found = lines.arrival.wait_for(lambda: any(re.search(pattern, line) for line in lines.seen), SECONDS_MAX)
    if not found:
        raise AssertionError(f"no line {pattern!r} in {lines.seen}")


def wait_for_port(port: int, process: subprocess.Popen[str]) -> None:
    """Connecting again and again is all that can be done to a server that tells nothing when it is ready."""
    stop = threading.Event()
    for _ in range(SECONDS_MAX * 20):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None or stop.wait(0.05):
            break
    raise AssertionError(f"nothing listens on port {port}")
