"""A webhook receiver: verifies with the Standard Webhooks library, answers at once, works afterwards, drops repeats.

Variables: SIGNING_SECRETS, one or several with commas between; PORT (9000).
"""

import json
import os
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

BODY_BYTES_MAX = 2 * 1024 * 1024

webhooks = [Webhook(secret) for secret in os.environ["SIGNING_SECRETS"].split(",")]
# In a real service both are tables: the id is inserted with the event, in one transaction, before the answer.
seen = set()
work = queue.Queue(maxsize=10_000)
lock = threading.Lock()


def is_genuine(body, headers):
    """Any of the secrets may have signed. The body is not parsed: it need not be JSON."""
    for webhook in webhooks:
        try:
            webhook.verify(body, headers, json_parse=False)
            return True
        except (WebhookVerificationError, ValueError):  # the latter for what is no signature at all
            pass
    return False


def is_text(body):
    try:
        return body.decode() is not None
    except UnicodeDecodeError:
        return False


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        if length > BODY_BYTES_MAX:
            return self.answer(413)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not is_text(body):
            # The library verifies text only; without_library.py takes any bytes.
            return self.answer(415)
        if not is_genuine(body, headers):
            return self.answer(401)
        try:
            self.take(headers["webhook-id"], headers["x-webhook-event"], body)
        except queue.Full:
            return self.answer(503, {"Retry-After": "5"})
        self.answer(204)

    def take(self, webhook_id, event_type, body):
        with lock:
            if webhook_id in seen:
                return print("repeated:", webhook_id, flush=True)
            work.put_nowait((webhook_id, event_type, body))  # first, so that an id is only remembered with its work
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
            event = body.decode()  # a template may make any text
        print("worked:", event_type, webhook_id, event, flush=True)


threading.Thread(target=worker, daemon=True).start()
ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Receiver).serve_forever()
