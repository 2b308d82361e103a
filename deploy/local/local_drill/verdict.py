"""Whether the drill was passed, from the accounts of the load and from what Posthorn itself has written down."""

from collections.abc import Iterator
from typing import Any

from local_services import postgres
from local_services.waiting import wait_until

from . import repeats
from .conductor import CALM, Happening
from .world import World

RECORDED_SECONDS_MAX = 60
UNSETTLED = "SELECT count(*) FROM deliveries WHERE status NOT IN (1, 3)"
"""Neither success nor failed: pending or waiting for another attempt."""
SETTLED = (
    "SELECT count(*) FILTER (WHERE status = 1), count(*) FILTER (WHERE status = 3) FROM deliveries WHERE webhook_id = '{}'"
)


def recorded(world: World, accounts: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """For each webhook how many deliveries Posthorn says succeeded and failed, once none is under way any more."""
    database = world.database
    wait_until(lambda: database.query(UNSETTLED, postgres.APPLICATION) == "0", RECORDED_SECONDS_MAX)
    found = {}
    for webhook in accounts["webhooks"]:
        row = database.query(SETTLED.format(webhook["id"]), postgres.APPLICATION)
        success, failed = row.split("|")
        found[webhook["name"]] = (int(success), int(failed))
    return found


def mistakes(accounts: dict[str, Any], records: dict[str, tuple[int, int]], happenings: list[Happening]) -> Iterator[str]:
    if accounts["accepted_ids"] != accounts["accepted"]:
        yield f"{accounts['accepted'] - accounts['accepted_ids']} events were answered with the id of another"
    for webhook in accounts["webhooks"]:
        name = webhook["name"]
        if webhook["lost"]:
            yield f"{name}: {webhook['lost']} events are neither delivered nor dead, such as {webhook['lost_ids'][:3]}"
        if webhook["delivered"] + webhook["dead"] != webhook["accepted"]:
            yield f"{name}: {webhook['delivered']} + {webhook['dead']} are not {webhook['accepted']}"
        success, failed = records[name]
        # Posthorn's own list also has events that were stored and never acknowledged to their publisher.
        known = webhook["accepted"] + webhook["never_acknowledged"]
        if success + failed < known:
            yield f"{name}: {known - success - failed} deliveries are not in Posthorn's own list"
    repeating = {happening.fault.name for happening in happenings if happening.fault.repeats}
    for phase, count in repeats.of(accounts["phases"], repeating).unexplained.items():
        before = "" if phase == CALM else ", which repeats nothing"
        yield f"{count} duplicates in the phase “{phase}”{before}"
    for happening in happenings:
        if happening.settled_seconds is None:
            yield f"{happening.fault.name}: the load was still behind long after it was mended"

