"""The documents of this repository, and the code that stands in them."""

import re
import textwrap
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
REPOSITORY = HERE.parents[1]

BLOCK = re.compile(r"^( *)```(\w+) *([\w.-]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
"""Its indentation, its language, its name if it has one, and its code."""


class Page:
    def __init__(self, path: str) -> None:
        self.text = (REPOSITORY / path).read_text(encoding="utf-8")
        self.blocks = [(language, name, textwrap.dedent(code)) for _, language, name, code in BLOCK.findall(self.text)]

    def named(self, name: str) -> str:
        """The block with ```` ```language name ```` above it."""
        [code] = [code for _, given, code in self.blocks if given == name]
        return str(code)

    def files(self) -> dict[str, str]:
        """Blocks that are named like files."""
        return {name: code for _, name, code in self.blocks if "." in name}
