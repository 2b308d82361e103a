"""`posthorn bench drill` as a child: it publishes, receives and accounts; we say which phase it is."""

import json
import os
import subprocess
import threading
from pathlib import Path
from typing import Any

from local_services.messages import Failure
from local_services.waiting import wait_until

FIRST_SECONDS_MAX = 60
ACCOUNTS_SECONDS_MAX = 900


class Load:
    def __init__(self, program: Path, arguments: list[str], admin_key: str, log: Path) -> None:
        self.standing: dict[str, Any] = {}
        self.accounts: dict[str, Any] | None = None
        with open(log, "wb") as errors:
            self.process = subprocess.Popen(
                [program, "bench", "drill", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, "POSTHORN_KEY": admin_key},
                text=True,
                start_new_session=True,
            )
        self.log = log
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        if not wait_until(lambda: bool(self.standing) or self.has_ended, FIRST_SECONDS_MAX) or self.has_ended:
            self.end()
            raise Failure(f"the load does not begin: {log.read_text(encoding='utf-8').strip()}")

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def accepted(self) -> int:
        return int(self.standing.get("accepted", 0))

    @property
    def behind(self) -> int:
        """Events that are due and not accepted, and those that are accepted and not delivered."""
        standing = self.standing
        return int(standing.get("waiting", 0)) + self.accepted - int(standing.get("delivered", 0))

    def phase(self, name: str) -> None:
        self._say(f"phase {name}")

    def finish(self) -> dict[str, Any]:
        """Publishes no more; the accounts, once all is accounted for or nothing comes any more."""
        self._say("finish")
        wait_until(lambda: self.accounts is not None or self.has_ended, ACCOUNTS_SECONDS_MAX)
        if self.has_ended:
            # Its last words may be on their way still.
            self.listener.join()
        if self.accounts is None:
            raise Failure(f"the load gave no accounts: {self.log.read_text(encoding='utf-8').strip()}")
        return self.accounts

    def end(self) -> None:
        if not self.has_ended:
            self.process.terminate()
            self.process.wait()

    def _say(self, line: str) -> None:
        if self.has_ended:
            raise Failure(f"the load has ended: {self.log.read_text(encoding='utf-8').strip()}")
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            heard = json.loads(line)
            if "accounts" in heard:
                self.accounts = heard["accounts"]
            elif "accepted" in heard:
                self.standing = heard
