"""docs/migrate/operations-centre.md works as it stands there."""

import json
import subprocess
from collections import Counter
from typing import Any

from . import posthorn, stories
from .processes import SECONDS_MAX
from .recipe import command, wait_until

MAIN = """
import asyncio, os, nats
from trigger import trigger

async def main():
    connection = await nats.connect(os.environ["POSTHORN_NATS_URL"])
    await trigger(connection.jetstream(), "acme", "payment.succeeded", {"payment_id": "82"})
    await connection.close()

asyncio.run(main())
"""


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

    def test_application_code_triggers_with_one_call(self) -> None:
        self.relay.verdict = 204
        self.create(enabled=True)
        self.folder.joinpath("main.py").write_text(MAIN, encoding="utf-8")
        subprocess.run(command(self.folder / "main.py"), check=True, timeout=SECONDS_MAX)
        [passed] = self.relay.wait(self.path)
        self.assertEqual(json.loads(passed.body)["data"], {"payment_id": "82"})

    def test_a_failing_webhook_raises_an_alarm_and_so_does_its_recovery(self) -> None:
        self.relay.verdict = 500
        [alarm] = self.sh("alarm")
        self.addCleanup(self.call, "DELETE", f"/webhooks/{alarm['id']}")
        made = self.create(enabled=True, retry_schedule_seconds=[])
        for _ in range(5):
            self.delivery(made["id"], self.publish(), "failed")
        self._alarm("delivery.exhausted", made["id"])
        self._alarm("webhook.failing", made["id"])
        self.relay.verdict = 204
        self.delivery(made["id"], self.publish(), "success")
        self._alarm("webhook.recovered", made["id"])

    def _alarm(self, event_type: str, webhook_id: str) -> None:
        def look() -> Any:
            for passed in self.relay.at(f"{self.path}/alarms"):
                event = json.loads(passed.body)
                if event["type"] == event_type and event["data"]["webhook_id"] == webhook_id:
                    return event
            return None

        wait_until(f"{event_type} arrives", look)

    def test_statistics_of_24_hours_by_event_type(self) -> None:
        self.relay.verdict = 204
        made = self.create(enabled=True)
        self.delivery(made["id"], self.publish(), "success")

        def look() -> Any:
            counted = self.call("GET", f"/webhooks/{made['id']}/stats")["event_types"]
            return counted or None

        [counted] = wait_until("it is counted", look)
        self.assertEqual(counted["event_type"], "payment.succeeded")
        self.assertEqual((counted["deliveries"], counted["successes"]), (1, 1))
        self.assertEqual(counted["average_attempts"], 1)

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
