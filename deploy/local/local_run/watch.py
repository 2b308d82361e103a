"""While everything runs: a service that ends is noticed, and errors in its log come to the terminal."""

import re
import sys
import time

from local_services import daemon
from local_services.messages import Failure

POLL_SECONDS = 0.2
ERROR = re.compile(r"\bERROR\b|\bpanicked at\b")
TERMINAL_CODES = re.compile(r"\x1b\[[0-9;]*m")


class Watcher:
    def __init__(self, daemons: list[daemon.Daemon]) -> None:
        self.daemons = daemons
        self.logs = {one.name: daemon.log_file(one).open(encoding="utf-8", errors="replace") for one in daemons}

    def watch(self) -> None:
        """Ends with a failure once a service has ended, and otherwise when a signal ends it."""
        while True:
            self.show_errors()
            for one in self.daemons:
                if daemon.find(one) is None:
                    self.show_errors()
                    raise Failure(f"{one.name} has ended by itself; its log is {daemon.log_file(one)}")
            time.sleep(POLL_SECONDS)

    def show_errors(self) -> None:
        for name, log in self.logs.items():
            for line in log:
                if ERROR.search(TERMINAL_CODES.sub("", line)):
                    print(f"{name}: {line.rstrip()}", file=sys.stderr, flush=True)
