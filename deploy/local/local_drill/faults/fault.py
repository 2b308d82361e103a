"""What a fault is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from ..world import World


@dataclass(frozen=True)
class Fault:
    name: str
    """Short, for tables."""
    words: str
    """What is done, in a sentence."""
    broken: Callable[[World], AbstractContextManager[None]]
    """Breaks it, and mends it in the end."""
    repeats: str
    """Why deliveries may be repeated by it; empty when none may."""
    hold_seconds: float = 8
    alerts: frozenset[str] = frozenset()
    """Alerts that must fire when it is held for longer than they wait."""
    may_alert: frozenset[str] = frozenset()
    """Alerts that may fire with them: they tell of the same."""
