"""docs/migrate/policy-monitor.md works as it stands there."""

import itertools
from typing import Any

from . import stories
from .processes import free_port
from .recipe import wait_until


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

    def test_a_dead_letter_is_looked_at_and_sent_again(self) -> None:
        self.relay.verdict = 422
        made = self.create(enabled=True)
        event_id = self.publish()
        [letter] = wait_until("there is a dead letter", lambda: self.letters(made["id"]))
        self.assertEqual((letter["kind"], letter["event_id"]), ("delivery", event_id))
        looked_at = self.call("GET", f"/dead-letters/{letter['id']}")
        self.assertEqual(looked_at["status_code"], 422)
        self.relay.verdict = 204
        [retried] = self.sh("retry", WEBHOOK_ID=made["id"])
        self.assertEqual(retried["selected"], 1)
        self.assertEqual(self.delivery(made["id"], event_id, "success")["attempt_count"], 2)
        wait_until("it is dealt with", lambda: not self.letters(made["id"]) or None)

    def letters(self, webhook_id: str) -> Any:
        [answer] = self.sh("dead-letters", WEBHOOK_ID=webhook_id)
        return answer["dead_letters"] or None

    def test_a_body_without_a_member_is_refused_before_any_receiver_sees_it(self) -> None:
        self.sh("import")
        event = self.file("event.json")
        del event["data"]["source"]
        with self.assertRaisesRegex(AssertionError, ": 422 .*source"):
            self.call("POST", "/events", event)

    def test_a_url_where_nobody_answers_is_found_out(self) -> None:
        url = f"http://127.0.0.1:{free_port()}/"
        self.assertFalse(self.call("POST", "/webhooks/probe", {"url": url})["reachable"])
        with self.assertRaisesRegex(AssertionError, ": 422 .*webhook_url_unreachable"):
            self.call("POST", "/webhooks?probe=true", self.file("webhook.json") | {"url": url})
