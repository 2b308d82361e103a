"""What people do to a running installation: they delete, purge and limit what Posthorn keeps in NATS, give one replica
another master key, move a clock, and press buttons under load."""

import base64
import contextlib
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from typing import Any

from local_run import keys
from local_services.messages import Failure
from local_services.waiting import wait_until

from .. import nats_wire
from ..world import World
from .fault import Fault

ANSWER_SECONDS_MAX = 60
EVENTS, DELIVERIES, DEAD_LETTERS = "POSTHORN_EVENTS", "POSTHORN_DELIVERIES", "POSTHORN_DEAD_LETTERS"
CONSUMERS = ((EVENTS, "deliverer"), (DELIVERIES, "deliverer"), (DEAD_LETTERS, "index"))
UNRECORDED = "requests under way had no record yet when their claims ended"
ASKED_FOR = "a person asked for them"
PRESSED = 20
"""Rounds of retries by hand and of replays."""
REPLAYED_SECONDS = 2
REPLAY_SECONDS_MAX = 120
ENDED = ("done", "failed", "cancelled")
CLOCK_SECONDS = 60


def _ask(world: World, subject: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """A request to JetStream that must succeed."""
    found: list[dict[str, Any]] = []
    payload = b"" if body is None else json.dumps(body).encode()

    def answered() -> bool:
        answer = nats_wire.ask(world.nodes[0].port or 0, subject, payload)
        if answer is not None and "error" not in answer:
            found.append(answer)
        return bool(found)

    if not wait_until(answered, ANSWER_SECONDS_MAX):
        raise Failure(f"{subject} is refused")
    return found[0]


@contextlib.contextmanager
def _consumer_deleted(stream: str, consumer: str, world: World) -> Iterator[None]:
    _ask(world, f"$JS.API.CONSUMER.DELETE.{stream}.{consumer}")
    yield


@contextlib.contextmanager
def _purged(stream: str, world: World) -> Iterator[None]:
    _ask(world, f"$JS.API.STREAM.PURGE.{stream}")
    yield


@contextlib.contextmanager
def _limited(world: World) -> Iterator[None]:
    """As full as it is now: no event finds room until the operator takes the limit back.

    Not so the deliveries: with schedules on, the server allows no `discard: new`, and drops what waits longest.
    """
    told = _ask(world, f"$JS.API.STREAM.INFO.{EVENTS}")
    limits = {"max_bytes": max(1, told["state"]["bytes"])}
    _ask(world, f"$JS.API.STREAM.UPDATE.{EVENTS}", told["config"] | limits)
    try:
        yield
    finally:
        _ask(world, f"$JS.API.STREAM.UPDATE.{EVENTS}", told["config"])


@contextlib.contextmanager
def _other_key(world: World) -> Iterator[None]:
    """The last deliverer starts anew with a master key that opens nothing: it lives, and must not call itself ready."""
    replica = world.deliverers[-1]
    replica.stop()
    file = world.folder / "another-master.key"
    file.write_text(base64.b64encode(secrets.token_bytes(32)).decode(), encoding="ascii")
    replica.use_master_key(file)
    try:
        replica.start(ready_path="/healthz")
        if not wait_until(lambda: not replica.is_ready(), ANSWER_SECONDS_MAX):
            raise Failure("a deliverer that can open no secret calls itself ready")
        yield
    finally:
        replica.stop()
        replica.use_master_key(keys.master_file(world.folder))
        replica.start()


@contextlib.contextmanager
def _buttons(world: World) -> Iterator[None]:
    """Retries by hand of deliveries in every state, and replays of the last seconds, through both apis in turn."""
    api = _Api(world)
    replays = []
    for _ in range(PRESSED):
        for status in ("pending", "retrying", "failed", "success"):
            for delivery in api.call("GET", f"/deliveries?status={status}&limit=1")["deliveries"]:
                api.call("POST", f"/deliveries/{delivery['id']}/retry", {}, refused=(404, 409))
        for webhook in api.call("GET", "/webhooks")["webhooks"]:
            since = {"since": api.seconds_ago(REPLAYED_SECONDS)}
            asked = api.call("POST", f"/webhooks/{webhook['id']}/replay", since, refused=(409,))
            replays += [asked["replay_id"]] if asked else []
    yield
    # What was asked for in this phase is made in it.
    for replay in replays:
        path = f"/replays/{replay}"
        if not wait_until(lambda path=path: api.call("GET", path)["status"] in ENDED, REPLAY_SECONDS_MAX):
            raise Failure(f"replay {replay} does not end")


class _Api:
    def __init__(self, world: World) -> None:
        self.world = world
        self.key = keys.admin(world.folder)
        self.calls = 0

    def seconds_ago(self, seconds: int) -> str:
        query = f"SELECT to_char(now() AT TIME ZONE 'UTC' - interval '{seconds} s', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
        return self.world.database.query(query)

    def call(self, method: str, path: str, body: Any = None, refused: tuple[int, ...] = ()) -> Any:
        self.calls += 1
        api = self.world.apis[self.calls % len(self.world.apis)]
        request = urllib.request.Request(
            f"{api.address.url}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"authorization": f"Bearer {self.key}", "content-type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS_MAX) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code in refused:
                return None
            raise Failure(f"{method} {path}: {error.code} {error.read().decode()}") from error


@contextlib.contextmanager
def _database_clock(seconds: int, world: World) -> Iterator[None]:
    """PostgreSQL starts anew under libfaketime; NATS, whose clock the schedules obey, keeps the time."""
    world.database.restart(seconds)
    ahead = float(world.database.query("SELECT extract(epoch FROM clock_timestamp())")) - time.time()
    if abs(ahead - seconds) > CLOCK_SECONDS / 2:
        raise Failure(f"PostgreSQL's clock is {ahead:.0f} s ahead, and should be {seconds}")
    try:
        yield
    finally:
        world.database.restart(0)


FAULTS = (
    *(
        Fault(
            f"delete the consumer of {stream}", f"the consumer `{consumer}` of {stream} is deleted",
            partial(_consumer_deleted, stream, consumer), UNRECORDED,
        )
        for stream, consumer in CONSUMERS
    ),
    Fault("purge the deliveries", f"{DELIVERIES} is purged: every retry that waits is gone", partial(_purged, DELIVERIES), ""),
    Fault("purge the dead letters", f"{DEAD_LETTERS} is purged", partial(_purged, DEAD_LETTERS), ""),
    Fault("limit the events", f"{EVENTS} gets a `max_bytes` that it has reached", _limited, ""),
    Fault("another master key", "a deliverer starts with a master key that opens nothing", _other_key, ""),
    Fault("retries and replays by hand", "buttons are pressed for deliveries in every state", _buttons, ASKED_FOR),
    Fault(
        "database clock ahead", "PostgreSQL's clock is a minute ahead of that of NATS (libfaketime)",
        partial(_database_clock, CLOCK_SECONDS), UNRECORDED,
    ),
    Fault(
        "database clock behind", "PostgreSQL's clock is a minute behind that of NATS (libfaketime)",
        partial(_database_clock, -CLOCK_SECONDS), UNRECORDED,
    ),
)
