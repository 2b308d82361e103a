"""Attributes of every type and data that is not JSON, there and back by the official SDKs: PyPI's `cloudevents` with its present
interface and the one of its releases 1.x, and npm's. In over HTTP and NATS, in both modes; out in both modes."""

import base64
import json
import subprocess
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from cloudevents.core.bindings.http import (
    HTTPMessage,
    from_http_event,
    to_binary_event,
    to_structured_event,
)
from cloudevents.core.v1.event import CloudEvent
from cloudevents.v1.conversion import to_binary as old_to_binary
from cloudevents.v1.conversion import to_structured as old_to_structured
from cloudevents.v1.http import CloudEvent as OldCloudEvent
from cloudevents.v1.http import from_http as old_from_http

from . import posthorn, publishers
from .fixture import Receivers
from .receivers import Received

JAVASCRIPT = Path(__file__).resolve().parents[1] / "cloud-events.mjs"
SDK_SECONDS_MAX = 30

FORMATS = ("cloudevents", "cloudevents_binary")

TYPED: dict[str, Any] = {
    "aboolean": True,
    "aninteger": -7,
    "astring": 'Zoë says "5 €", 100%, %41',
    "abinary": base64.b64encode(b"\x00\x01\xff").decode(),
    "auri": "https://shop.example/a?b=c#d",
    "aurireference": "/orders/ä",
    "atimestamp": "2026-02-03T04:05:06.789+01:00",
}
"""An extension attribute of each type of the specification."""

DATA = {"n": 0.1, "name": "Zoë"}
BYTES = b"\x89PNG\r\n\x00\xff"

Message = tuple[dict[str, str], bytes]


def over_http(message: Message) -> None:
    posthorn.send("POST", "/events", message[1], message[0])


def over_nats(message: Message) -> None:
    publishers.nats_py(message[1], message[0])


WAYS: tuple[Callable[[Message], None], ...] = (over_http, over_nats)


def attributes(**more: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"order/{uuid.uuid4()}",
        "source": "https://shop.example/orders",
        "type": "user.created",
        "subject": "user ä 42",
        "time": datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
        "dataschema": "https://shop.example/schemas/1",
        **more,
    }


def as_text(attribute: Any) -> str:
    """What binary mode leaves of a type. (Python's SDK writes `True` where the specification says `true`.)"""
    return str(attribute).lower() if isinstance(attribute, bool) or attribute == "True" else str(attribute)


class CloudEventTypes(Receivers):
    maxDiff = None
    def test_every_type_of_attribute(self) -> None:
        for write in (to_structured_event, to_binary_event):
            for way in WAYS:
                event = CloudEvent(attributes(datacontenttype="application/vnd.order+json", **TYPED), DATA)
                message = write(event)
                for format_, received in self._sent(way, (message.headers, message.body)):
                    with self.subTest(f"{write.__name__} {way.__name__} {format_}"):
                        read = from_http_event(HTTPMessage(received.headers, received.body))
                        self.assertEqual(read.get_data(), DATA)
                        has_types = write is to_structured_event and format_ == "cloudevents"
                        self._same(event.get_attributes(), read.get_attributes(), has_types)

    def test_bytes(self) -> None:
        for write in (to_structured_event, to_binary_event):
            for way in WAYS:
                event = CloudEvent(attributes(datacontenttype="image/png"), BYTES)
                message = write(event)
                for format_, received in self._sent(way, (message.headers, message.body), is_text=False):
                    with self.subTest(f"{write.__name__} {way.__name__} {format_}"):
                        read = from_http_event(HTTPMessage(received.headers, received.body))
                        self.assertEqual(read.get_data(), BYTES)
                        self._same(event.get_attributes(), read.get_attributes(), has_types=True)

    def test_a_batch_over_nats(self) -> None:
        subscriptions = self.subscribe(payload_format="cloudevents")
        events = [CloudEvent(attributes(**TYPED), DATA), CloudEvent(attributes(datacontenttype="image/png"), BYTES)]
        body = b"[" + b",".join(to_structured_event(event).body for event in events) + b"]"
        publishers.nats_py(body, {"content-type": "application/cloudevents-batch+json"})
        for subscription in subscriptions:
            with self.subTest(str(subscription)):
                read = [from_http_event(HTTPMessage(one.headers, one.body)) for one in subscription.wait(2)]
                by_id = {one.get_id(): one for one in read}
                for event in events:
                    self._same(event.get_attributes(), by_id[event.get_id()].get_attributes(), has_types=True)
                    self.assertEqual(by_id[event.get_id()].get_data(), event.get_data())

    def test_the_older_interface_for_python(self) -> None:
        for write in (old_to_structured, old_to_binary):
            for way in WAYS:
                # It writes values into headers as they stand: over NATS nobody can read what is not UTF-8.
                sent = {name: value for name, value in TYPED.items() if str(value).isascii()}
                sent |= attributes(datacontenttype="application/json", subject="user 42", time="2026-02-03T04:05:06Z")
                sent.pop("astring", None)
                headers, body = write(OldCloudEvent(sent, DATA))
                for format_, received in self._sent(way, ({n: str(v) for n, v in headers.items()}, body)):
                    with self.subTest(f"{write.__name__} {way.__name__} {format_}"):
                        read = old_from_http(received.headers, received.body)
                        self.assertEqual(read.data, DATA)
                        has_types = write is old_to_structured and format_ == "cloudevents"
                        self._same(sent, _decoded(format_, dict(read.get_attributes())), has_types)

    def test_javascript(self) -> None:
        for mode in ("structured", "binary"):
            for way in WAYS:
                sent = attributes(datacontenttype="application/json", **TYPED) | {"time": "2026-02-03T04:05:06.000Z"}
                if mode == "binary":
                    # It writes values into headers as they stand, and `fetch` refuses what is not ISO-8859-1.
                    sent |= {"subject": "user 42", "astring": "a b", "aurireference": "/orders"}
                written = _javascript("write", {"mode": mode, "event": sent | {"data": DATA}})
                headers = {name: str(value) for name, value in written["headers"].items() if value is not None}
                for format_, received in self._sent(way, (headers, base64.b64decode(written["body"]))):
                    with self.subTest(f"{mode} {way.__name__} {format_}"):
                        body = base64.b64encode(received.body).decode()
                        read = _javascript("read", {"headers": received.headers, "body": body})
                        self.assertEqual(read["data"], DATA)
                        self._same(sent, _decoded(format_, read["attributes"]), mode == "structured" and format_ == "cloudevents")

    def _sent(
        self, way: Callable[[Message], None], message: Message, is_text: bool = True
    ) -> list[tuple[str, Received]]:
        """What each receiver gets of a message, in each format. The packages of Standard Webhooks verify text alone."""
        subscriptions = [(name, one) for name in FORMATS for one in self.subscribe(payload_format=name)]
        way(message)
        received = [(name, one.wait()[0]) for name, one in subscriptions]
        for name, one in received:
            self.assertEqual(one.verified, [is_text or name == "cloudevents", False])
        return received

    def _same(self, sent: dict[str, Any], read: dict[str, Any], has_types: bool) -> None:
        def comparable(attributes: dict[str, Any]) -> dict[str, Any]:
            kept = {name: value for name, value in attributes.items() if value is not None}
            time = kept.pop("time")
            moment = time if isinstance(time, datetime) else datetime.fromisoformat(time)
            typed = kept if has_types else {name: as_text(value) for name, value in kept.items()}
            return typed | {"time": moment}

        self.assertEqual(comparable(read), comparable(sent))


def _decoded(format_: str, attributes: dict[str, Any]) -> dict[str, Any]:
    """For packages that leave header values percent-encoded, which the HTTP binding tells readers to decode (3.1.3.2)."""
    if format_ != "cloudevents_binary":
        return attributes
    return {name: unquote(value) if isinstance(value, str) else value for name, value in attributes.items()}


def _javascript(what: str, given: Any) -> Any:
    finished = subprocess.run(
        ["node", JAVASCRIPT, what],
        input=json.dumps(given).encode(),
        capture_output=True,
        timeout=SDK_SECONDS_MAX,
        check=False,
    )
    if finished.returncode != 0:
        raise AssertionError(finished.stderr.decode())
    return json.loads(finished.stdout)
