"""docs/migrate/personal-alerts.md works as it stands there."""

from typing import Any

from . import posthorn, stories
from .processes import free_port
from .recipe import wait_until


class PersonalAlerts(stories.Story):
    system = "personal-alerts"
    receivers = ("receiver.py",)

    def test_three_retries_and_then_it_has_failed_with_the_reason(self) -> None:
        # Nothing listens there, and the publisher has its 202 long before that is known.
        made = self.create(enabled=True, url=f"http://127.0.0.1:{free_port()}/")
        delivery = self.delivery(made["id"], self.publish(), "failed")
        self.assertEqual(delivery["attempt_count"], 4)
        self.assertEqual([attempt["number"] for attempt in delivery["attempts"]], [1, 2, 3, 4])
        starts = [stories.moment(attempt["started_at"]) for attempt in delivery["attempts"]]
        for earlier, later, delay in zip(starts, starts[1:], (1, 2, 4), strict=False):
            self.assertGreaterEqual((later - earlier).total_seconds(), delay * 0.9)
        self.assertIn("connect", delivery["error_message"])

    def test_the_history_keeps_the_last_fifty(self) -> None:
        self.relay.verdict = 204
        made = self.create(enabled=True)
        # What comes together has no order, so the newest come apart from the others.
        self._publish_many(50)
        self.relay.wait(self.path, 50)
        newest = self._publish_many(10)
        self.relay.wait(self.path, 60)

        def look() -> Any:
            kept = {one["event_id"] for one in self.deliveries(made["id"])}
            return kept if len(kept) == 50 and newest <= kept else None

        wait_until("fifty are left, the newest among them", look)

    def _publish_many(self, count: int) -> set[str]:
        event = self.file("event.json")
        return {one["id"] for one in self.call("POST", "/events", [event] * count)["events"]}

    def test_nobody_sees_anothers_and_errors_have_their_codes(self) -> None:
        made = self.create()
        path = f"/webhooks/{made['id']}"
        with self.assertRaisesRegex(AssertionError, ": 401 "):
            posthorn.call("GET", path, key="no key of anybody")
        other = posthorn.call("POST", "/api-keys", {"name": "User 43", "role": "manager", "tenant": "user-43"})
        self.addCleanup(posthorn.call, "DELETE", "/tenants/user-43")
        with self.assertRaisesRegex(AssertionError, ": 404 .*webhook_not_found"):
            posthorn.call("GET", path, key=other["key"])
        for url in ("ftp://receiver.example/", "http:///nothing"):
            with self.assertRaisesRegex(AssertionError, ": 422 .*invalid_webhook_url"):
                self.call("PATCH", path, {"url": url})
