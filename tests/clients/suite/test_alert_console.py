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

    def test_each_chat_service_gets_its_own_message(self) -> None:
        self.relay.verdict = 200
        for made in self.sh("chats"):
            self.addCleanup(self.call, "DELETE", f"/webhooks/{made['id']}")
        self.publish()
        slack, discord, teams, telegram = (
            json.loads(self.relay.wait(f"{self.path}/{service}")[0].body)
            for service in ("slack", "discord", "teams", "telegram")
        )
        self.assertEqual(slack["blocks"][0]["type"], "header")
        self.assertTrue(slack["text"])
        self.assertTrue(discord["embeds"][0]["title"])
        [card] = teams["attachments"]
        self.assertEqual((teams["type"], card["contentType"]), ("message", "application/vnd.microsoft.card.adaptive"))
        self.assertEqual(telegram["chat_id"], "-1001234567890")
        for message in (slack, discord, teams, telegram):
            self.assertIn("Person at night", json.dumps(message))

    def test_a_test_sends_the_example_of_the_chosen_type(self) -> None:
        self.relay.verdict = 204
        self.sh("import")
        made = self.create()
        self.assertTrue(self.call("POST", f"/webhooks/{made['id']}/test", {"event_type": "alert_dismissed"})["success"])
        [passed] = self.relay.at(self.path)
        [example] = [
            one["example"]
            for one in self.file(self.event_types_file())["event_types"]
            if one["name"] == "alert_dismissed"
        ]
        self.assertEqual(json.loads(passed.body)["details"], example)

    def test_what_failed_is_sent_again_by_hand(self) -> None:
        self.relay.verdict = 500
        made = self.create(enabled=True, max_retries=0)
        failed = self.delivery(made["id"], self.publish(), "failed")
        self.relay.verdict = 204
        self.call("POST", f"/deliveries/{failed['id']}/retry")
        again = self.delivery(made["id"], failed["event_id"], "success")
        self.assertEqual([attempt["manual"] for attempt in again["attempts"]], [False, True])
