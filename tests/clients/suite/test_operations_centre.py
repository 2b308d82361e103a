"""docs/migrate/operations-centre.md works as it stands there."""

from collections import Counter

from . import posthorn, stories


class OperationsCentre(stories.Story):
    system = "operations-centre"
    receivers = ("receiver.py", "receiver.mjs")

    def test_thirty_event_types_in_six_categories(self) -> None:
        types = self.file(self.event_types_file())["event_types"]
        categories = Counter(one["category"] for one in types)
        self.assertEqual((len(types), len(categories)), (30, 6))

    def test_the_first_of_five_retries_comes_after_a_minute(self) -> None:
        self.assertEqual(len(self.file("webhook.json")["retry_schedule_seconds"]), 5)
        self.first_delay_is(60)

    def test_another_organisation_neither_sees_nor_gets_anything(self) -> None:
        made = self.create(enabled=True)
        other = posthorn.call("POST", "/tenants", {"id": "another-organisation"})["id"]
        self.addCleanup(posthorn.call, "DELETE", f"/tenants/{other}")
        issued = posthorn.call("POST", "/api-keys", {"name": "Another", "role": "manager", "tenant": other})
        with self.assertRaisesRegex(AssertionError, "404.*webhook_not_found"):
            posthorn.call("GET", f"/webhooks/{made['id']}", key=issued["key"])
        posthorn.call("POST", "/events", self.file("event.json"), issued["key"])
        self.delivery(made["id"], self.publish(), "retrying")
        self.assertEqual(len(self.relay.at(self.path)), 1)
