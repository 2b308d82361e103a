"""A secret changes without a gap: during the overlap a receiver that knows either one verifies."""

from . import posthorn, publishers
from .fixture import Receivers


class Rotation(Receivers):
    def test_both_secrets_sign_during_the_overlap(self) -> None:
        self._rotate(overlap_seconds=3600, expected=[True, True], signatures=2)

    def test_only_the_new_secret_signs_without_an_overlap(self) -> None:
        self._rotate(overlap_seconds=0, expected=[False, True], signatures=1)

    def _rotate(self, overlap_seconds: int, expected: list[bool], signatures: int) -> None:
        subscriptions = self.subscribe()
        body = {"signing_secret": self.other_secret, "overlap_seconds": overlap_seconds}
        for subscription in subscriptions:
            answer = posthorn.call("POST", f"/webhooks/{subscription.webhook_id}/secret/rotate", body)
            self.assertEqual(answer["signing_secret"], self.other_secret)
        publishers.nats_py(b"{}")
        for subscription in subscriptions:
            with self.subTest(str(subscription)):
                [received] = subscription.wait()
                self.assertEqual(received.verified, expected)
                self.assertEqual(len(received.headers["webhook-signature"].split(" ")), signatures)
