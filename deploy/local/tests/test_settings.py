import os
import unittest
from unittest import mock

from local_services import settings
from local_services.messages import Failure


class Settings(unittest.TestCase):
    def test_names_that_could_leave_the_folder_are_refused(self) -> None:
        for name in ("", "..", "a/b", "Dev", "wheels", "-x", "a" * 33):
            with self.subTest(name), self.assertRaises(Failure):
                settings.of(name)

    def test_a_port_must_be_a_port(self) -> None:
        for text in ("0", "65536", "-1", "http", "१२३", "1.5"):
            with (
                self.subTest(text),
                mock.patch.dict(os.environ, {settings.PG_PORT_VARIABLE: text}),
                self.assertRaisesRegex(Failure, settings.PG_PORT_VARIABLE),
            ):
                settings.of("dev")

    def test_the_variables_are_for_dev_alone(self) -> None:
        with mock.patch.dict(os.environ, {settings.PG_PORT_VARIABLE: "1234"}):
            self.assertEqual(settings.of("dev").pg_port, 1234)
            self.assertIsNone(settings.of("test").pg_port)

    def test_only_what_nobody_keeps_and_nobody_measures_may_lie_in_memory(self) -> None:
        with mock.patch.dict(os.environ, {settings.BENCH_DURABLE_VARIABLE: "0"}):
            names = [name for name in ("dev", "bench", "test", "suites") if settings.of(name).disposable]
        self.assertEqual(names, ["test", "suites"])
