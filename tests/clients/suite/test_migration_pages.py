"""The pages of docs/migrate name nothing that is not there."""

import re
import unittest
from pathlib import Path

from . import posthorn
from .pages import REPOSITORY, Page

FOLDER = REPOSITORY / "docs" / "migrate"
OPERATION = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE) (/[\w/{}-]+)")
COMMAND = re.compile(r"\bcall (GET|POST|PUT|PATCH|DELETE) \"?(/[\w/$-]+)")
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(#[\w-]+)?\)")
VARIABLE = re.compile(r"\$[A-Z_]+")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


class MigrationPages(unittest.TestCase):
    def setUp(self) -> None:
        self.pages = sorted(FOLDER.glob("*.md"))
        self.assertEqual(len(self.pages), 6)

    def test_every_operation_is_in_the_openapi_document(self) -> None:
        paths = posthorn.call("GET", "/openapi.json")["paths"]
        known = {
            (method.upper(), re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v1")))
            for path, methods in paths.items()
            for method in methods
        }
        for page in self.pages:
            text = page.read_text(encoding="utf-8")
            named = OPERATION.findall(text) + COMMAND.findall(text)
            self.assertTrue(named, page.name)
            general = {(method, re.sub(r"\{\w+\}", "{}", VARIABLE.sub("{}", path))) for method, path in named}
            with self.subTest(page.name):
                self.assertEqual(sorted(general - known), [])

    def test_every_link_leads_somewhere(self) -> None:
        for page in self.pages:
            for path, heading in LINK.findall(page.read_text(encoding="utf-8")):
                with self.subTest(f"{page.name}: {path}{heading}"):
                    target = page.parent / path if path else page
                    self.assertTrue(target.exists())
                    if heading:
                        self.assertIn(heading[1:], headings(target))

    def test_every_page_is_run_by_the_test_that_it_names(self) -> None:
        for page in self.pages:
            tests = re.findall(r"`suite\.(\w+)`", page.read_text(encoding="utf-8"))
            self.assertEqual(bool(tests), page.name != "README.md", page.name)
            for test in tests:
                source = (Path(__file__).parent / f"{test}.py").read_text(encoding="utf-8")
                self.assertIn(f'system = "{page.stem}"', source)

    def test_every_block_with_a_name_has_it_alone(self) -> None:
        for page in self.pages:
            names = [name for _, name, _ in Page(f"docs/migrate/{page.name}").blocks if name]
            self.assertEqual(len(set(names)), len(names), page.name)


def headings(page: Path) -> set[str]:
    return {title.lower().replace(" ", "-") for title in HEADING.findall(page.read_text(encoding="utf-8"))}
