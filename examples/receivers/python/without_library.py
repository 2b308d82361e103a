"""The same receiver with nothing but Python's own library: what verifying means, line by line.

Variables: SIGNING_SECRETS, one or several with commas between; PORT (9000).
"""

import base64
import hashlib
import hmac
import json
import os
import queue
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY_BYTES_MAX = 2 * 1024 * 1024
TOLERANCE_SECONDS = 300

keys = [base64.b64decode(secret.removeprefix("whsec_")) for secret in os.environ["SIGNING_SECRETS"].split(",")]
seen = set()
work = queue.Queue(maxsize=10_000)
lock = threading.Lock()


def is_genuine(webhook_id, timestamp, signatures, body):
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    expected = [b"v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)) for key in keys]
    # During a rotation there are two signatures, and here there may be two keys: one pair has to match.
    given = [one.encode() for one in signatures.split(" ")]
    return any(hmac.compare_digest(one, other) for one in given for other in expected)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        if length > BODY_BYTES_MAX:
            return self.answer(413)
        body = self.rfile.read(length)
        webhook_id = self.headers.get("webhook-id", "")
        timestamp, signatures = self.headers.get("webhook-timestamp", ""), self.headers.get("webhook-signature", "")
        if not is_genuine(webhook_id, timestamp, signatures, body):
            return self.answer(401)
        try:
            self.take(webhook_id, self.headers["x-webhook-event"], body)
        except queue.Full:
            return self.answer(503, {"Retry-After": "5"})
        self.answer(204)

    def take(self, webhook_id, event_type, body):
        with lock:
            if webhook_id in seen:
                return print("repeated:", webhook_id, flush=True)
            work.put_nowait((webhook_id, event_type, body))
            seen.add(webhook_id)

    def answer(self, status, headers={}):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        pass


def worker():
    while True:
        webhook_id, event_type, body = work.get()
        try:
            event = json.loads(body)
        except ValueError:
            event = body  # a template may make any text, a CloudEvent may carry any bytes
        print("worked:", event_type, webhook_id, event, flush=True)


threading.Thread(target=worker, daemon=True).start()
ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Receiver).serve_forever()
