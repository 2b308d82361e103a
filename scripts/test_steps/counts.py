"""How many tests a log tells of, by the closing lines of the runners that we use."""

import re

CLOSING_LINES = (
    re.compile(r"^\s*Summary \[.*?\]\s+(?:\d+/)?(\d+) tests? run", re.MULTILINE),  # cargo-nextest
    re.compile(r"^test result: \w+\. (\d+) passed", re.MULTILINE),  # cargo test
    re.compile(r"^Ran (\d+) tests? in ", re.MULTILINE),  # unittest
    re.compile(r"^\s*Tests\s+(\d+) passed", re.MULTILINE),  # vitest
    re.compile(r"^\s*(\d+) passed \(", re.MULTILINE),  # Playwright
    re.compile(r"^(\d+) checks, \d+ failed", re.MULTILINE),  # deploy/checks
)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def tests(log: str) -> int:
    text = COLOURS.sub("", log)
    return sum(int(count) for line in CLOSING_LINES for count in line.findall(text))
