"""What every test here has: a receiver of each kind, and two secrets that both of them know."""

import base64
import secrets
import unittest
import uuid
from typing import Any

from . import posthorn
from .receivers import NodeReceiver, PythonReceiver, Received, Receiver


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


class Receivers(unittest.TestCase):
    secret: str
    """Signs the deliveries of every webhook that `subscribe` makes."""
    other_secret: str
    receivers: list[Receiver]

    @classmethod
    def setUpClass(cls) -> None:
        cls.secret, cls.other_secret = new_secret(), new_secret()
        both = [cls.secret, cls.other_secret]
        cls.receivers = []
        for kind in (PythonReceiver, NodeReceiver):
            receiver = kind(both)
            cls.addClassCleanup(receiver.close)
            cls.receivers.append(receiver)

    def subscribe(self, **settings: Any) -> list["Subscription"]:
        """A webhook at each receiver, at a path of its own."""
        path = f"/{uuid.uuid4()}"
        return [
            Subscription(posthorn.webhook(self, receiver.url(path), self.secret, **settings), receiver, path)
            for receiver in self.receivers
        ]


class Subscription:
    def __init__(self, webhook_id: str, receiver: Receiver, path: str) -> None:
        self.webhook_id = webhook_id
        self.receiver = receiver
        self.path = path

    def wait(self, count: int = 1) -> list[Received]:
        return self.receiver.wait(self.path, count)

    def __str__(self) -> str:
        return self.receiver.name
