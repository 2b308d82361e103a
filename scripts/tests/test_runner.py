"""Steps run in order, beside each other, and end together."""

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path

from test_steps import counts
from test_steps.runner import Runner
from test_steps.step import Step


class Steps(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def python(self, code: str) -> list[str]:
        return [sys.executable, "-c", code]

    def run_all(self, *steps: Step, cores: int = 2) -> tuple[int, str]:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code = Runner(steps, self.folder / "logs", cores, self.folder).run()
        return code, said.getvalue()

    def test_a_step_begins_after_what_it_needs(self) -> None:
        code, said = self.run_all(
            Step("second", self.python("print(open('made').read())"), needs=("first",)),
            Step("first", self.python("open('made', 'w').write('by the first')")),
        )
        self.assertEqual(code, 0, said)
        self.assertIn("by the first", said)

    def test_steps_that_fit_run_at_the_same_time(self) -> None:
        # Each waits for the file that the other makes.
        code_of = (
            "import os, time\n"
            "open('{mine}', 'w')\n"
            "until = time.monotonic() + 30\n"
            "while not os.path.exists('{other}') and time.monotonic() < until: time.sleep(0.01)\n"
            "assert os.path.exists('{other}')\n"
        )
        code, said = self.run_all(
            Step("one", self.python(code_of.format(mine="a", other="b"))),
            Step("other", self.python(code_of.format(mine="b", other="a"))),
        )
        self.assertEqual(code, 0, said)

    def test_steps_that_do_not_fit_run_one_after_the_other(self) -> None:
        alone = "import os; os.mkdir('lock'); os.rmdir('lock')"
        steps = [Step(f"step {number}", self.python(alone), cores=2) for number in range(4)]
        code, said = self.run_all(*steps, cores=2)
        self.assertEqual(code, 0, said)

    def test_a_small_step_does_not_overtake_a_large_one_that_waits_for_room(self) -> None:
        first = "import time; time.sleep(0.2)"
        steps = [
            Step("first", self.python(first), cores=1),
            Step("large", self.python("open('large', 'w')"), cores=2),
            Step("small", self.python("import os; assert os.path.exists('large')"), cores=1),
        ]
        code, said = self.run_all(*steps, cores=2)
        self.assertEqual(code, 0, said)

    def test_a_failure_is_shown_whole_and_ends_the_others(self) -> None:
        waits = "import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(print('put away') or 3))\n"
        waits += "open('up', 'w')\nsignal.pause()"
        fails = "import os, time\nwhile not os.path.exists('up'): time.sleep(0.01)\n"
        fails += "[print('line', n) for n in range(100)]; raise SystemExit(7)"
        code, said = self.run_all(
            Step("waits", self.python(waits)),
            Step("fails", self.python(fails)),
            Step("never", self.python("open('begun', 'w')"), needs=("fails",)),
        )
        self.assertEqual(code, 1)
        self.assertIn("== fails: FAILED with 7", said)
        self.assertIn("line 0\n", said)
        self.assertFalse((self.folder / "begun").exists())
        self.assertEqual((self.folder / "logs" / "waits.log").read_text(encoding="utf-8"), "put away\n")

    def test_a_need_that_nobody_defined_is_named(self) -> None:
        with self.assertRaisesRegex(ValueError, "nobody"):
            Runner([Step("one", ["true"], needs=("nobody",))], self.folder, 1, self.folder)


    def test_steps_that_wait_for_each_other_are_named(self) -> None:
        steps = [Step("one", ["true"], needs=("other",)), Step("other", ["true"], needs=("one",))]
        with self.assertRaisesRegex(ValueError, "one.*other"):
            self.run_all(*steps)


class Counts(unittest.TestCase):
    def test_the_closing_line_of_each_runner_is_read(self) -> None:
        for log, count in (
            ("\x1b[32m     Summary\x1b[0m [   1.2s] \x1b[1m700\x1b[0m tests run: 700 passed, 0 skipped\n", 700),
            ("test result: ok. 3 passed; 0 failed\n\ntest result: ok. 4 passed; 0 failed\n", 7),
            ("Ran 48 tests in 103.2s\n\nOK\n", 48),
            (" Test Files  9 passed (9)\n      Tests  73 passed (73)\n", 73),
            ("  39 passed (6.1m)\n", 39),
            ("1231 checks, 0 failed\n", 1231),
        ):
            with self.subTest(log):
                self.assertEqual(counts.tests(log), count)


if __name__ == "__main__":
    unittest.main()
