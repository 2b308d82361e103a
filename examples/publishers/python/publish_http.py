"""Publishes over HTTP with nothing but Python's own library. Variables: POSTHORN_API_URL, POSTHORN_KEY."""

import json
import os
import time
import urllib.error
import urllib.request
import uuid

URL = os.environ["POSTHORN_API_URL"] + "/api/v1/events"
TRIES_MAX = 8


def publish(events, idempotency_key):
    """Returns what became of each event. Safe to repeat: the key makes a second try the same request."""
    headers = {
        "authorization": "Bearer " + os.environ["POSTHORN_KEY"],
        "content-type": "application/json",
        "idempotency-key": idempotency_key,
        # Whoever traces passes the context of the current span here; receivers get it with each request.
        "traceparent": f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-01",
    }
    for tries in range(1, TRIES_MAX + 1):
        wait = min(2**tries, 60)
        try:
            request = urllib.request.Request(URL, json.dumps(events).encode(), headers)
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)["events"]
        except urllib.error.HTTPError as error:
            if error.code not in (429, 502, 503, 504):
                # It says what is wrong (RFC 9457), and it would be wrong again.
                raise SystemExit(f"refused: {error.read().decode()}")
            wait = int(error.headers.get("Retry-After", wait))
        except OSError as error:  # no answer: the event may have been stored or not, hence the key
            print("no answer:", error)
        time.sleep(wait)
    raise SystemExit("not published; keep it and try later")


one = {"type": "user.created", "data": {"by": "python-http", "n": 1}}
key = str(uuid.uuid4())  # of the business fact, such as an order's number: the same in each try
print(json.dumps(publish(one, key)))
print(json.dumps(publish(one, key)))  # as after a lost answer: a duplicate, with the first one's id

several = [{"type": "user.created", "data": {"by": "python-http", "n": n}} for n in (2, 3)]
print(json.dumps(publish(several, str(uuid.uuid4()))))
