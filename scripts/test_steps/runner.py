"""Runs steps as soon as what they need is done and cores are free. The first failure ends all of them.

Each step writes to a log of its own. Its last lines are shown when it ends, all of them when it fails, so that steps
that run at the same time do not mix their words.
"""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from . import counts
from .result import Result, table
from .step import Step

LINES_SHOWN = 12
END_SECONDS_MAX = 60
"""How long a step that is told to end may take to put its things away."""


class Runner:
    def __init__(self, steps: Sequence[Step], logs: Path, cores: int, folder: Path) -> None:
        unknown = {need for step in steps for need in step.needs} - {step.name for step in steps}
        if unknown:
            raise ValueError(f"steps that nobody defined: {sorted(unknown)}")
        self.steps = steps
        self.logs = logs
        self.cores = cores
        self.folder = folder
        self._change = threading.Condition()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._results: list[Result] = []
        self._ending = False
        self._began = time.monotonic()

    def run(self) -> int:
        """The exit code of all of it."""
        self.logs.mkdir(parents=True, exist_ok=True)
        waiting = list(self.steps)
        try:
            with self._change:
                while (waiting and not self._ending) or self._running:
                    for step in self._next(waiting):
                        waiting.remove(step)
                        self._begin(step)
                    if not self._running:
                        names = sorted(step.name for step in waiting)
                        raise ValueError(f"steps that wait for each other: {names}")
                    self._change.wait()
        finally:
            self._end_all()
        print(f"\n{table(self._results, time.monotonic() - self._began)}", flush=True)
        return 1 if self._ending else 0

    def _next(self, waiting: Sequence[Step]) -> list[Step]:
        """What begins now, in the order of the steps: none that keeps a core busy overtakes one that waits for room."""
        if self._ending:
            return []
        done = {result.step.name for result in self._results}
        busy = sum(one.cores for one in self.steps if one.name in self._running)
        chosen, has_room = [], True
        for step in waiting:
            if not set(step.needs) <= done:
                continue
            # One that wants more cores than there are runs alone.
            has_room = has_room and (busy == 0 or busy + step.cores <= self.cores)
            if step.cores == 0 or has_room:
                chosen.append(step)
                busy += step.cores
        return chosen

    def _begin(self, step: Step) -> None:
        print(f">> {step.name}", flush=True)
        log = self._log(step)
        with log.open("wb") as out:
            # In a session of its own, so that what it started can be ended with it.
            process = subprocess.Popen(
                step.command,
                cwd=step.folder or self.folder,
                env=os.environ | step.variables,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running[step.name] = process
        threading.Thread(target=self._wait, args=(step, process, time.monotonic()), daemon=True).start()

    def _wait(self, step: Step, process: subprocess.Popen[bytes], began: float) -> None:
        usage = _wait(process)
        text = self._log(step).read_text(encoding="utf-8", errors="replace")
        now = time.monotonic()
        result = Result(
            step=step,
            code=process.returncode,
            began=began - self._began,
            seconds=now - began,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            tests=counts.tests(text),
        )
        with self._change:
            del self._running[step.name]
            self._results.append(result)
            if not self._ending:
                self._show(result, text)
                if result.code != 0:
                    self._ending = True
                    self._terminate()
            self._change.notify_all()

    def _show(self, result: Result, text: str) -> None:
        lines = text.rstrip().splitlines()
        if result.code == 0 and len(lines) > LINES_SHOWN:
            lines = [f"… {len(lines) - LINES_SHOWN} lines more in {self._log(result.step)}", *lines[-LINES_SHOWN:]]
        words = f"{result.seconds:.0f} s" if result.code == 0 else f"FAILED with {result.code} after {result.seconds:.0f} s"
        print("\n".join(["", f"== {result.step.name}: {words}", *lines]), flush=True)

    def _terminate(self) -> None:
        for process in self._running.values():
            _signal(process, signal.SIGTERM)

    def _end_all(self) -> None:
        """After a failure, or when we are told to end ourselves: nothing stays behind."""
        with self._change:
            self._ending = self._ending or bool(self._running)
            self._terminate()
            if not self._change.wait_for(lambda: not self._running, END_SECONDS_MAX):
                for name, process in self._running.items():
                    print(f"killing {name}, which does not end", file=sys.stderr)
                    _signal(process, signal.SIGKILL)
                self._change.wait_for(lambda: not self._running, END_SECONDS_MAX)

    def _log(self, step: Step) -> Path:
        return self.logs / f"{step.name.replace(' ', '-')}.log"


def _wait(process: subprocess.Popen[bytes]) -> resource.struct_rusage:
    """Its exit code, and what it and its children have used."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass  # it ended just now
