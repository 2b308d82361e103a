"""What is published arrives byte for byte, and official libraries verify it, whoever publishes and whoever receives."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from . import publishers
from .fixture import Receivers

# A number that a float would change, an escape that no serialiser writes, an integer beyond 64 bits, raw UTF-8.
DATA = r'{"n":0.10,"u":"é\/","big":12345678901234567890}'.encode()


class Publish(Receivers):
    def test_nats_py(self) -> None:
        self._arrives(publishers.nats_py)

    def test_nats_js(self) -> None:
        self._arrives(publishers.nats_js)

    def test_http(self) -> None:
        self._arrives(publishers.http)

    def _arrives(self, publish: Callable[[bytes], dict[str, Any]]) -> None:
        subscriptions = self.subscribe()
        publish(DATA)
        for subscription in subscriptions:
            with self.subTest(str(subscription)):
                [received] = subscription.wait()
                self.assertEqual(received.verified, [True, False])
                self.assertTrue(received.body.endswith(b'"data":' + DATA + b"}"), received.body)
                self.assertEqual(json.loads(received.body)["type"], "user.created")
                self.assertEqual(json.loads(received.body)["id"], received.headers["webhook-id"])
                self.assertEqual(received.headers["content-type"], "application/json")

    def test_raw_format_is_the_data_alone(self) -> None:
        subscriptions = self.subscribe(payload_format="raw")
        publishers.nats_js(DATA)
        for subscription in subscriptions:
            with self.subTest(str(subscription)):
                [received] = subscription.wait()
                self.assertEqual((received.body, received.verified), (DATA, [True, False]))

    def test_a_message_id_removes_duplicates_across_clients(self) -> None:
        subscriptions = self.subscribe()
        key = str(uuid.uuid4())
        first = publishers.nats_js(b'"first"', message_id=key)
        second = publishers.nats_py(b'"second"', {"Nats-Msg-Id": key})
        self.assertEqual((first["duplicate"], second["duplicate"]), (False, True))
        publishers.nats_py(b'"last"')
        for subscription in subscriptions:
            with self.subTest(str(subscription)):
                data = {json.loads(received.body)["data"] for received in subscription.wait(2)}
                self.assertEqual(data, {"first", "last"})

    def test_a_trace_goes_on_at_the_receiver(self) -> None:
        trace = uuid.uuid4().hex
        subscriptions = self.subscribe()
        publishers.nats_py(DATA, {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
        for subscription in subscriptions:
            with self.subTest(str(subscription)):
                [received] = subscription.wait()
                self.assertEqual(received.headers["traceparent"].split("-")[1], trace)
