"""docs/migrate/alert-console.md works as it stands there."""

import json

from . import stories

TYPES = (
    "alert_fired alert_dismissed alert_acknowledged event_created event_enriched entity_discovered anomaly_detected "
    "system_health_changed"
)


class AlertConsole(stories.Story):
    system = "alert-console"
    receivers = ("receiver.mjs",)

    def test_the_eight_event_types(self) -> None:
        names = [one["name"] for one in self.file(self.event_types_file())["event_types"]]
        self.assertEqual(sorted(names), sorted(TYPES.split()))

    def test_the_first_retry_comes_after_ten_seconds(self) -> None:
        self.first_delay_is(10)

    def test_a_template_that_is_broken_names_its_line(self) -> None:
        made = self.create()
        broken = {"payload_template": '{\n"alert": {{ data. }}\n}'}
        with self.assertRaisesRegex(AssertionError, "422 .*payload_template.*line 2"):
            self.call("PATCH", f"/webhooks/{made['id']}", broken)

    def test_a_template_needs_nothing_that_an_event_may_lack(self) -> None:
        self.relay.verdict = 204
        made = self.create(enabled=True)
        self.call("POST", "/events", {"type": "anomaly_detected", "data": {"score": 0.87}})
        [passed] = self.relay.wait(self.path)
        self.assertEqual(json.loads(passed.body)["alert"], "anomaly_detected")
        self.assertIsNone(json.loads(passed.body)["where"])
        self.assertEqual(made["payload_format"], "template")
