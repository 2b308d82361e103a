import os
import unittest
from unittest import mock

from local_bench import plan
from local_services import settings
from local_services.messages import Failure


class Bench(unittest.TestCase):
    def test_everything_but_what_takes_very_long_is_measured(self) -> None:
        chosen = [scenario for group in plan.chosen(None) for scenario in group.scenarios]
        self.assertIn("retries", chosen)
        self.assertNotIn("soak", chosen)
        self.assertEqual(len(chosen), len(set(chosen)))

    def test_scenarios_keep_the_cluster_that_they_want(self) -> None:
        groups = list(plan.chosen("breaker, nats,soak"))
        self.assertEqual([(group.deliverers, group.scenarios) for group in groups],
                         [(1, ("nats",)), (3, ("breaker",)), (1, ("soak",))])

    def test_an_unknown_scenario_is_told(self) -> None:
        with self.assertRaisesRegex(Failure, "there is no scenario fast;"):
            list(plan.chosen("nats,fast"))

    def test_its_servers_are_durable_unless_told_otherwise(self) -> None:
        with mock.patch.dict(os.environ):
            os.environ.pop(settings.BENCH_DURABLE_VARIABLE, None)
            self.assertTrue(settings.of("bench").durable)
            self.assertIsNone(settings.of("bench").pg_port)
            os.environ[settings.BENCH_DURABLE_VARIABLE] = "0"
            self.assertFalse(settings.of("bench").durable)
