"""`posthorn listen`: the receiver of the demonstration. What it prints comes to the terminal."""

import contextlib
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from local_services import ports
from local_services.messages import Failure
from local_services.waiting import wait_until

START_SECONDS_MAX = 10
STOP_SECONDS_MAX = 5

LISTENING = "Listening on"


class Listener:
    """One that runs, and what it has printed."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url
        self.lines: list[str] = []
        self._printer = threading.Thread(target=self._print, daemon=True)
        self._printer.start()

    def accepted(self, event_type: str) -> bool:
        """Whether it has verified a delivery of that type and answered 2xx."""
        accepted = re.compile(rf" {re.escape(event_type)} .*✔ verified .* 2\d\d$")
        return any(accepted.search(line) for line in self.lines)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._printer.join()

    def _print(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip())
            print(f"  {line}".rstrip(), flush=True)


@contextlib.contextmanager
def listening(program: Path, port: int, secret: str, failures: int) -> Iterator[Listener]:
    """Answers the first requests of each delivery, as many as `failures`, with 503."""
    # In a session of its own: it has to outlast the deliverer's drain, so Ctrl-C is not for it.
    process = subprocess.Popen(
        [program, "listen", "--port", str(port), "--fail", str(failures)],
        env={"POSTHORN_SIGNING_SECRET": secret},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    listener = Listener(process, f"http://{ports.LOOPBACK}:{port}/")
    try:
        if not wait_until(lambda: any(LISTENING in line for line in listener.lines), START_SECONDS_MAX):
            raise Failure("`posthorn listen` did not start; its words stand above")
        yield listener
    finally:
        listener.stop()
