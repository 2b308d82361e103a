"""What is wrong, collected, so that one run tells all of it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


class Report:
    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.checked = 0

    def need(self, condition: object, what: str) -> None:
        self.checked += 1
        if not condition:
            self.wrong.append(what)

    def fault(self, what: str) -> None:
        self.need(False, what)
