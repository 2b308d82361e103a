"""What Posthorn sends, by payload format: JSON of every kind, text, and bytes that are neither."""

from typing import Any

OBJECT = b'{"n": 1}'

DELIVERED: dict[str, tuple[dict[str, Any], list[bytes]]] = {
    "standard": ({}, [OBJECT, b"[]"]),
    "classic": ({"payload_format": "classic"}, [OBJECT]),
    "cloudevents": ({"payload_format": "cloudevents"}, [OBJECT]),
    "raw": ({"payload_format": "raw"}, [OBJECT, b"{}", b"[]", b"0", b"false", b"null", b'""', b'"text"']),
    "template": (
        {
            "payload_template": "{{ data.text }}",
            "custom_headers": {"content-type": "text/plain; charset=utf-8"},
        },
        ['{"text": "Grüße, no JSON"}'.encode(), b'{"text": "\\ufefffalse"}'],
    ),
}
"""For each format the settings of a webhook, and data to publish."""

BINARY = b"\x00\xff\xfe no text \x80"
"""Data of a CloudEvent may be any bytes."""
