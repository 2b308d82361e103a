"""Words for the person at the terminal. Standard output belongs to `env` and `status`, so they go to standard error."""

import sys


class Failure(Exception):
    """A command cannot do its work; the message says why, and what to do about it."""


def say(message: str) -> None:
    print(f"services: {message}", file=sys.stderr, flush=True)
