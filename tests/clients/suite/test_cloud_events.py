"""CloudEvents in, in every mode that the official SDK writes, and out, as the official SDK reads it."""

import json
import uuid
from datetime import UTC, datetime

from cloudevents.core.bindings.http import (
    HTTPMessage,
    from_http_event,
    to_binary_event,
    to_structured_event,
)
from cloudevents.core.v1.event import CloudEvent

from . import posthorn, publishers
from .fixture import Receivers, Subscription

DATA = {"n": 0.1, "name": "Zoë", "list": [1, None, True]}
RAW = json.dumps(DATA).encode()
"""As the SDK serialises it."""


def new_event() -> CloudEvent:
    return CloudEvent(
        {
            "id": f"order/{uuid.uuid4()}",
            "source": "https://shop.example/orders",
            "type": "user.created",
            "subject": "user 42",
            "time": datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
            "datacontenttype": "application/json",
        },
        DATA,
    )


class CloudEvents(Receivers):
    def test_binary_mode_over_nats(self) -> None:
        event, subscriptions = new_event(), self.subscribe(payload_format="cloudevents")
        message = to_binary_event(event)
        publishers.nats_py(message.body, message.headers)
        self._arrives(event, subscriptions)

    def test_structured_mode_over_nats(self) -> None:
        event, subscriptions = new_event(), self.subscribe(payload_format="cloudevents")
        message = to_structured_event(event)
        publishers.nats_py(message.body, message.headers)
        self._arrives(event, subscriptions)

    def test_binary_mode_over_http(self) -> None:
        event, subscriptions = new_event(), self.subscribe(payload_format="cloudevents")
        message = to_binary_event(event)
        posthorn.send("POST", "/events", message.body, message.headers)
        self._arrives(event, subscriptions)

    def test_structured_mode_over_http(self) -> None:
        event, subscriptions = new_event(), self.subscribe(payload_format="cloudevents")
        message = to_structured_event(event)
        posthorn.send("POST", "/events", message.body, message.headers)
        self._arrives(event, subscriptions)

    def test_a_batch_over_http(self) -> None:
        events, subscriptions = [new_event(), new_event()], self.subscribe(payload_format="cloudevents")
        body = b"[" + b",".join(to_structured_event(event).body for event in events) + b"]"
        answer = posthorn.send("POST", "/events", body, {"content-type": "application/cloudevents-batch+json"})
        self.assertEqual(len(json.loads(answer)["events"]), 2)
        for subscription in subscriptions:
            with self.subTest(str(subscription)):
                read = [from_http_event(HTTPMessage(one.headers, one.body)) for one in subscription.wait(2)]
                self.assertEqual({one.get_id() for one in read}, {one.get_id() for one in events})

    def test_an_event_that_was_none_becomes_one(self) -> None:
        subscriptions = self.subscribe(payload_format="cloudevents")
        publishers.nats_js(RAW)
        for subscription in subscriptions:
            with self.subTest(str(subscription)):
                [received] = subscription.wait()
                read = from_http_event(HTTPMessage(received.headers, received.body))
                self.assertEqual((read.get_type(), read.get_data()), ("user.created", DATA))
                self.assertEqual(read.get_id(), received.headers["webhook-id"])

    def _arrives(self, sent: CloudEvent, subscriptions: list[Subscription]) -> None:
        for subscription in subscriptions:
            with self.subTest(str(subscription)):
                [received] = subscription.wait()
                self.assertEqual(received.verified, [True, False])
                self.assertIn(b'"data":' + RAW, received.body)
                read = from_http_event(HTTPMessage(received.headers, received.body))
                self.assertEqual(read.get_attributes(), sent.get_attributes())
