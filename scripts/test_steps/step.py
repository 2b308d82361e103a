"""One step: a command, and what must be done before it."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Step:
    name: str
    command: list[str]
    needs: tuple[str, ...] = ()
    """Steps that must have succeeded before."""
    cores: int = 1
    """How many cores it keeps busy; 0 for one that waits for the network."""
    variables: dict[str, str] = field(default_factory=dict)
    """Added to the environment."""
    folder: Path | None = None
    """Where it runs, if not where all others do."""
