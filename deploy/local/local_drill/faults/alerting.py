"""The faults of the alerts' drill, with the alerts that are for them."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace

from local_services import postgres as server
from local_services.messages import Failure

from .. import nats_wire
from ..world import World
from . import clock, links, nats, postgres, services
from .fault import Fault


APART_SECONDS = 10


@contextlib.contextmanager
def _malformed(world: World) -> Iterator[None]:
    # A rate is seen from the second scrape on that knows the counter.
    for _ in range(2):
        answer = nats_wire.ask(world.nodes[0].port or 0, "posthorn.events.default.drill.malformed", b"no JSON")
        if not answer or "error" in answer:
            raise Failure(f"the message was not stored: {answer}")
        time.sleep(APART_SECONDS)
    yield


@contextlib.contextmanager
def _no_records(world: World) -> Iterator[None]:
    """The database answers, and refuses every record: as when its disk is full."""
    make = (
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$;"
        "CREATE TRIGGER refuse BEFORE INSERT ON deliveries FOR EACH STATEMENT EXECUTE FUNCTION refuse()"
    )
    world.database.query(make, server.APPLICATION)
    yield
    world.database.query("DROP TRIGGER refuse ON deliveries; DROP FUNCTION refuse()", server.APPLICATION)


@contextlib.contextmanager
def _no_deliverer(world: World) -> Iterator[None]:
    for replica in world.deliverers:
        replica.kill()
    yield
    for replica in world.deliverers:
        replica.start()


def _alerting(fault: Fault, *alerts: str, may: tuple[str, ...] = ()) -> Fault:
    return replace(fault, alerts=frozenset(alerts), may_alert=frozenset(may))


def _named(faults: tuple[Fault, ...], name: str) -> Fault:
    return next(fault for fault in faults if fault.name == name)


DOWN = "PosthornDependencyDown"

# Those that a lost server silences for ten minutes come first.
FAULTS = (
    _alerting(_named(nats.FAULTS, "fill the quota of NATS"), "PosthornPublishingRefused"),
    Fault("no records", "PostgreSQL answers and refuses every record", _no_records, services.UNRECORDED, alerts=frozenset({"PosthornRecorderFailing"})),
    _alerting(_named(services.FAULTS, "kill deliverer 1"), "PosthornReplicasMissing"),
    _alerting(_named(services.FAULTS, "kill api 1"), "PosthornReplicasMissing"),
    Fault("kill all deliverers", "`kill -9` of every deliverer", _no_deliverer, services.UNRECORDED, alerts=frozenset({"PosthornServiceDown"})),
    _alerting(_named(clock.FAULTS, "deliverer clock ahead"), "PosthornClockSkew"),
    # Any one node may fail, and nobody is woken for it.
    replace(_named(nats.FAULTS, "kill the NATS leader"), hold_seconds=90),
    replace(_named(links.FAULTS, "cut deliverer–receiver"), hold_seconds=90),
    _alerting(_named(links.FAULTS, "cut api–NATS"), DOWN),
    _alerting(_named(links.FAULTS, "stall deliverer–NATS"), DOWN),
    _alerting(_named(links.FAULTS, "cut deliverer–PostgreSQL"), DOWN),
    _alerting(_named(postgres.FAULTS, "kill PostgreSQL"), DOWN),
    # It is told for ten minutes, so nothing comes after it.
    Fault("malformed event", "a message that is no JSON is published over NATS", _malformed, "", alerts=frozenset({"PosthornDeadLettersOnOurSide"})),
)
