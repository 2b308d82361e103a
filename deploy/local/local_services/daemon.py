"""A server as a background process: found, started, stopped.

A record (pid and port) is written beside the data. It is believed only if a process with that pid runs a command
that names this data: after a crash or a reboot the pid may be nobody's, or somebody else's.
"""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from . import ports
from .messages import Failure, say
from .waiting import wait_until

READY_SECONDS_MAX = 60
LOG_LINES_SHOWN = 15


@dataclass(frozen=True)
class Stop:
    """One way to ask a server to end, mildest first."""

    signal: signal.Signals
    seconds_max: float


@dataclass(frozen=True)
class Daemon:
    """What it takes to find a server and to end it, without knowing how to run it."""

    name: str
    folder: Path
    """The instance's folder."""
    marker: Path
    """A path that only this server's command line holds."""
    stops: tuple[Stop, ...]


class Server(Protocol):
    daemon: Daemon
    port: int | None
    """None: any free one."""
    port_variable: str

    def prepare(self, port: int) -> list[str | Path]:
        """Writes what the server needs, and returns the command that runs it."""

    def process_arguments(self) -> dict[str, Any]:
        """For `subprocess`: the user, the environment and the folder that the command runs with."""

    def is_ready(self, port: int) -> bool:
        """Whether it answers a real request."""


@dataclass(frozen=True)
class Running:
    pid: int
    port: int
    program: Path


def find(daemon: Daemon) -> Running | None:
    try:
        record = json.loads(_record(daemon).read_text(encoding="utf-8"))
        running = Running(int(record["pid"]), int(record["port"]), Path(record["program"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return running if runs(running.pid, daemon.marker) else None


def start(server: Server) -> Running:
    """Returns once the server answers. What cannot be made to answer is ended again."""
    daemon, port = server.daemon, server.port or ports.any_free()
    if not ports.is_free(port):
        raise Failure(
            f"port {port} on {ports.LOOPBACK}, meant for {daemon.name}, is taken by another process: "
            f"stop that one, or set {server.port_variable} to a free port"
        )
    command = server.prepare(port)
    process = _launch(server, command)
    running = Running(process.pid, port, Path(command[0]))
    try:
        record = {"pid": running.pid, "port": running.port, "program": str(running.program)}
        _record(daemon).write_text(json.dumps(record), encoding="utf-8")
        _wait_ready(server, running, lambda: process.poll() is None)
    except BaseException:
        _end(daemon, running.pid, lambda: process.poll() is not None)
        raise
    say(f"{daemon.name} started: {ports.LOOPBACK}:{port}, pid {process.pid}, {running.program}")
    return running


def confirm(server: Server, running: Running) -> None:
    """A server that was found has to answer as well."""
    _wait_ready(server, running, lambda: runs(running.pid, server.daemon.marker))
    say(f"{server.daemon.name} already runs: {ports.LOOPBACK}:{running.port}, pid {running.pid}")


def stop(daemon: Daemon) -> None:
    running = find(daemon)
    if running:
        _end(daemon, running.pid, lambda: not runs(running.pid, daemon.marker))
        say(f"{daemon.name} stopped")
    _record(daemon).unlink(missing_ok=True)


def runs(pid: int, marker: Path) -> bool:
    """Whether that process runs a command that names the marker.

    One that ended and only waits to be reaped does not: it has no command line any more.
    """
    if Path("/proc/self/cmdline").exists():
        try:
            return str(marker) in os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
    shown = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return f" {marker} " in f" {shown.stdout.strip()} "


def _record(daemon: Daemon) -> Path:
    return daemon.folder / f"{daemon.name}.pid"


def log_file(daemon: Daemon) -> Path:
    return daemon.folder / f"{daemon.name}.log"


def _launch(server: Server, command: list[str | Path]) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C at the terminal is not for the server."""
    log = log_file(server.daemon)
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with open(log, "xb") as output:
        return subprocess.Popen(
            command, **server.process_arguments(), stdout=output, stderr=output, start_new_session=True
        )


def _wait_ready(server: Server, running: Running, is_alive: Callable[[], bool]) -> None:
    if wait_until(lambda: not is_alive() or server.is_ready(running.port), READY_SECONDS_MAX) and is_alive():
        return
    what = f"does not answer within {READY_SECONDS_MAX} s" if is_alive() else "ended instead of answering"
    log = log_file(server.daemon)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES_SHOWN:]
    raise Failure("\n".join([f"{server.daemon.name} (pid {running.pid}) {what}; the end of {log}:", *lines]))


def _end(daemon: Daemon, pid: int, has_ended: Callable[[], bool]) -> None:
    for number, step in enumerate(daemon.stops):
        if number:
            say(f"{daemon.name} (pid {pid}) is still there: sending {step.signal.name}")
        try:
            os.kill(pid, step.signal)
        except ProcessLookupError:
            return
        if wait_until(has_ended, step.seconds_max):
            return
    raise Failure(f"{daemon.name} (pid {pid}) does not end, even after {daemon.stops[-1].signal.name}")
