"""Which fault made requests repeat others."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

LATE_SECONDS_MAX = 30
"""So long after a fault what it left unacknowledged is given out again: the acknowledgement wait of 15 s, and the way."""


@dataclass
class Repeats:
    """How many requests repeated another."""

    by_fault: Counter[str] = field(default_factory=Counter)
    unexplained: Counter[str] = field(default_factory=Counter)
    """By the phase that they came in."""


def of(phases: list[dict[str, Any]], repeating: set[str]) -> Repeats:
    """A request is repeated for what happened between it and its repetition, so a fault of an earlier phase may be why.

    `repeating` are the faults that may repeat requests.
    """
    found = Repeats()
    for number, phase in enumerate(phases):
        earliest_ms = phase["from_ms"] - LATE_SECONDS_MAX * 1_000
        for group in phase["repeats"]:
            for one in range(number, group["since"] - 1, -1):
                if one < number and phases[one + 1]["from_ms"] < earliest_ms:
                    continue
                if phases[one]["name"] in repeating:
                    found.by_fault[phases[one]["name"]] += group["count"]
                    break
            else:
                found.unexplained[phase["name"]] += group["count"]
    return found
