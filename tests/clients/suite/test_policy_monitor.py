"""docs/migrate/policy-monitor.md works as it stands there."""

import itertools

from . import stories


class PolicyMonitor(stories.Story):
    system = "policy-monitor"
    receivers = ("receiver.py",)

    def test_four_retries_after_1_2_4_and_8_seconds(self) -> None:
        self.relay.verdict = 500
        made = self.create(enabled=True)
        delivery = self.delivery(made["id"], self.publish(), "failed")
        starts = [stories.moment(attempt["started_at"]) for attempt in delivery["attempts"]]
        self.assertEqual(len(starts), 5)
        for (earlier, later), delay in zip(itertools.pairwise(starts), (1, 2, 4, 8), strict=True):
            self.assertGreaterEqual((later - earlier).total_seconds(), delay * 0.9)

    def test_a_client_error_is_not_tried_again(self) -> None:
        self.relay.verdict = 422
        made = self.create(enabled=True)
        delivery = self.delivery(made["id"], self.publish(), "failed", "retrying")
        self.assertEqual((delivery["status"], delivery["attempt_count"]), ("failed", 1))
