"""Words for the person at the terminal. Standard output belongs to `env` and `status`, so they go to standard error."""

import sys
from pathlib import Path


class Failure(Exception):
    """A command cannot do its work; the message says why, and what to do about it."""


def say(message: str) -> None:
    print(f"{Path(sys.argv[0]).name}: {message}", file=sys.stderr, flush=True)
