"""docs/migrate/farm-management.md works as it stands there."""

import json

from . import posthorn, stories


class FarmManagement(stories.Story):
    system = "farm-management"
    receivers = ("receiver.mjs",)

    def test_the_eight_event_types(self) -> None:
        names = {one["name"] for one in self.file(self.event_types_file())["event_types"]}
        dotted = ("ticket.created", "ticket.updated", "ticket.closed", "user.created", "user.updated")
        underscored = ("inventory.low_stock", "purchase_order.created", "purchase_order.approved")
        self.assertEqual(names, {*dotted, *underscored})

    def test_the_first_of_three_retries_comes_after_a_minute(self) -> None:
        self.first_delay_is(60)

    def test_constant_delays_as_the_page_writes_them(self) -> None:
        self.assertIn('"retry_schedule_seconds": [60, 60, 60]', self.page.text)
        self.first_delay_is(60, retry_schedule_seconds=[60, 60, 60])

    def test_a_test_with_a_payload_of_ones_own_is_no_delivery(self) -> None:
        made = self.create()
        with self.receiving("receiver.mjs", made["signing_secret"]):
            [tried] = self.sh("sample", WEBHOOK_ID=made["id"])
        self.assertEqual((tried["success"], tried["status_code"]), (True, 204), tried)
        [passed] = self.relay.at(self.path)
        self.assertEqual(passed.headers["x-webhook-event"], "inventory.low_stock")
        self.assertEqual(json.loads(passed.body)["data"], self.file("sample.json")["data"])
        self.assertEqual(self.deliveries(made["id"]), [])

    def test_only_a_manager_manages(self) -> None:
        for key, status in (("no key of anybody", 401), (self.publisher_key, 403)):
            with self.assertRaisesRegex(AssertionError, f": {status} "):
                posthorn.call("POST", "/webhooks", self.file("webhook.json"), key)
