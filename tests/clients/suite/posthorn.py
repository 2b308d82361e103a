"""The REST API of the Posthorn under test, with nothing but Python's own library."""

import json
import os
import unittest
import urllib.request
from typing import Any

URL = os.environ["POSTHORN_API_URL"]
API_KEY = os.environ["POSTHORN_KEY"]
NATS_URL = os.environ["POSTHORN_NATS_URL"]

ANSWER_SECONDS_MAX = 30


def call(method: str, path: str, body: Any = None, key: str = API_KEY) -> Any:
    data = None if body is None else json.dumps(body).encode()
    answer = send(method, path, data, {"content-type": "application/json"}, key)
    return json.loads(answer) if answer else None


def send(method: str, path: str, body: bytes | None, headers: dict[str, str], key: str = API_KEY) -> bytes:
    """An answer that is no success raises."""
    request = urllib.request.Request(
        f"{URL}/api/v1{path}", body, headers | {"authorization": f"Bearer {key}"}, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS_MAX) as answer:
            content: bytes = answer.read()
            return content
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from error


def webhook(test: unittest.TestCase, url: str, secret: str, **settings: Any) -> str:
    """Makes one for the time of the test, and returns its id."""
    fields = {"name": test.id()[-100:], "url": url, "event_types": ["user.created"], "signing_secret": secret}
    made = call("POST", "/webhooks", fields | settings)
    test.addCleanup(call, "DELETE", f"/webhooks/{made['id']}")
    return str(made["id"])
