"""A receiver for WSGI servers: notes the id of each delivery, one a line."""

import os

SEEN = os.open(os.environ["SEEN"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def application(environ, start_response):
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    os.write(SEEN, (environ["HTTP_X_WEBHOOK_DELIVERY"] + "\n").encode())
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]
