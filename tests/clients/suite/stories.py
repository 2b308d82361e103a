"""What has to hold for every page of docs/migrate."""

import re
import threading
from datetime import UTC, datetime
from typing import Any

from . import forgeries
from .recipe import Recipe, wait_until

SEGMENT = r"[A-Za-z0-9_-]+"
EVENT_TYPE = re.compile(rf"{SEGMENT}(\.{SEGMENT})*")
PLACEHOLDER = re.compile(r"<[^<>]+>")
OLD_SECRET = "5f" * 32
"""As `secrets.token_hex(32)` makes them: 64 hex digits."""


class Story(Recipe):
    def test_the_webhook_is_kept_as_the_page_writes_it(self) -> None:
        made = self.create()
        wanted = self.file("webhook.json")
        kept = self.call("GET", f"/webhooks/{made['id']}")
        self.assertEqual({field: kept[field] for field in wanted}, wanted)
        self.assertNotIn("signing_secret", kept)
        self.assertTrue(kept["has_secret"])

    def test_what_arrives_is_what_the_page_shows_and_each_receiver_tells_it_from_a_forgery(self) -> None:
        for receiver in self.receivers:
            with self.subTest(receiver):
                self._is_accepted_and_forgeries_are_not(receiver)

    def _is_accepted_and_forgeries_are_not(self, receiver: str) -> None:
        made = self.create(enabled=True)
        before = len(self.relay.at(self.path))
        with self.receiving(receiver, made["signing_secret"]) as lines:
            event_id = self.publish()
            delivery = self.delivery(made["id"], event_id, "success", "retrying", "failed")
            self.assertEqual(delivery["status"], "success", (delivery, lines.seen))
            genuine = self.relay.wait(self.path, before + 1)[-1]
            self._is_as_shown(genuine)
            for what, headers, body in forgeries.of(genuine, self.signature_name()):
                with self.subTest(f"{receiver}: {what}"):
                    self.assertIn(self.relay.send(self.path, headers, body), (400, 401), lines.seen)
            again = self.relay.send(self.path, genuine.headers, genuine.body)
            self.assertIn(again, (200, 204), "after all of them, the genuine one")
            self._another_secret_is_refused(made, lines)
        self.call("POST", f"/webhooks/{made['id']}/disable")

    def _another_secret_is_refused(self, made: Any, lines: Any) -> None:
        """Signed by Posthorn itself, but not with what the receiver knows."""
        self.call("POST", f"/webhooks/{made['id']}/secret/rotate", {"overlap_seconds": 0})
        refused = self.delivery(made["id"], self.publish(), "retrying", "failed", "success")
        self.assertIn(refused["status_code"], (400, 401), (refused, lines.seen))

    def _is_as_shown(self, passed: Any) -> None:
        head, body = self.page.named("delivered").rstrip("\n").split("\n\n", 1)
        request, *headers = head.split("\n")
        self.assertEqual(request.split()[0], passed.method)
        for name, value in (line.split(": ", 1) for line in headers):
            self.assertRegex(passed.headers.get(name, "(absent)"), as_pattern(value), name)
        self.assertRegex(passed.body.decode(), as_pattern(body))

    def signature_name(self) -> str:
        asked = self.file("webhook.json").get("signature_header", {})
        return str(asked.get("name", "X-Webhook-Signature")).lower()

    def test_every_event_type_is_imported_and_its_example_accepted(self) -> None:
        types = self.file(self.event_types_file())["event_types"]
        names = [one["name"] for one in types]
        self.assertEqual(len(set(names)), len(names))
        for one in types:
            self.assertTrue(EVENT_TYPE.fullmatch(one["name"]), one["name"])
        [answer] = self.sh("import")
        self.assertEqual(sorted(answer["event_types"]), sorted(names))
        self.assertEqual(answer["created"] + answer["updated"], len(names))
        self.assertLessEqual(set(names), set(self.call("GET", "/webhooks/events/available")["events"]))
        for one in types:
            kept = self.call("GET", f"/event-types/{one['name']}")
            self.assertEqual({field: kept[field] for field in one}, one)
        self.call("POST", "/events", [{"type": one["name"], "data": one["example"]} for one in types])
        wanted = self.file("webhook.json")["event_types"]
        for pattern in wanted:
            self.assertTrue(any(matches(pattern, name) for name in names), pattern)

    def test_the_move_loses_nothing_and_can_be_undone(self) -> None:
        self.sh("import")
        made = self.create()
        webhook = {"WEBHOOK_ID": made["id"]}
        self.sh("keep-secret", **webhook, OLD_SECRET=OLD_SECRET)
        with self.receiving(self.receivers[0], OLD_SECRET):
            self.log_has(self.publish())  # still the old system's business
            [tried] = self.sh("test", **webhook)
            self.assertTrue(tried["success"], tried)
            self.assertEqual(self.deliveries(made["id"]), [])

            wait_for_the_next_second()
            [since] = self.sh("moment")
            in_the_gap = self.publish()
            self.log_has(in_the_gap)
            enabled, replay = self.sh("switch", **webhook, SINCE=since)
            self.assertTrue(enabled["enabled"])
            self.delivery(made["id"], in_the_gap, "success")
            after = self.publish()
            self.delivery(made["id"], after, "success")
            done = self.replay_done(replay["replay_id"])
            self.assertEqual(done["handed_over"], 1, done)
            self.sh("watch", **webhook)
            self.assertEqual({one["event_id"] for one in self.deliveries(made["id"])}, {in_the_gap, after})

        self.relay.verdict = 500
        waiting = self.publish()
        self.delivery(made["id"], waiting, "retrying")
        disabled, _ = self.sh("roll-back", **webhook)
        self.assertFalse(disabled["enabled"])
        self.nothing_is_delivered_any_more(made["id"])

    def log_has(self, event_id: str) -> None:
        """Every webhook that was on has it by then; one that is switched on later does not get it by itself."""

        def look() -> Any:
            return [one for one in self.call("GET", "/events")["events"] if one["id"] == event_id] or None

        wait_until("the event is in the log", look)

    def nothing_is_delivered_any_more(self, webhook_id: str) -> None:
        """Another webhook gets an event, this one does not."""
        witness = self.create(enabled=True)
        event_id = self.publish()
        self.delivery(witness["id"], event_id, "success", "retrying")
        passed = [one for one in self.relay.at(self.path) if one.headers["webhook-id"] == event_id]
        self.assertEqual(len(passed), 1)
        self.assertNotIn(event_id, {one["event_id"] for one in self.deliveries(webhook_id)})

    def deliveries(self, webhook_id: str) -> list[Any]:
        found: list[Any] = self.call("GET", f"/webhooks/{webhook_id}/deliveries?limit=500")["deliveries"]
        return found

    def replay_done(self, replay_id: str) -> Any:
        def look() -> Any:
            replay = self.call("GET", f"/replays/{replay_id}")
            return replay if replay["status"] not in ("queued", "running") else None

        return wait_until("the replay is done", look)

    def first_delay_is(self, seconds: float, **settings: Any) -> None:
        """A failed delivery waits that long, ±10 %."""
        self.relay.verdict = 500
        made = self.create(enabled=True, **settings)
        delivery = self.delivery(made["id"], self.publish(), "retrying")
        [attempt] = delivery["attempts"]
        ended = moment(attempt["started_at"]).timestamp() + attempt["response_time_ms"] / 1000
        delay = moment(delivery["next_retry_at"]).timestamp() - ended
        self.assertAlmostEqual(delay, seconds, delta=seconds * 0.1 + 0.5)


def as_pattern(text: str) -> re.Pattern[str]:
    """Text in which `<…>` stands for anything on the line."""
    literal = [re.escape(part) for part in PLACEHOLDER.split(text)]
    return re.compile("^" + ".+".join(literal) + "$")


def matches(pattern: str, name: str) -> bool:
    return pattern == "*" or pattern == name or (pattern.endswith(".*") and name.startswith(pattern[:-1]))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def wait_for_the_next_second() -> None:
    """Moments on the pages are in whole seconds: what is published before must lie in an earlier one."""
    now = datetime.now(UTC)
    while datetime.now(UTC).replace(microsecond=0) == now.replace(microsecond=0):
        threading.Event().wait(0.01)
