"""What it costs to have every acknowledgement wait for the disk: one server and a cluster of three, both ways.

A steady rate tells how late an acknowledgement comes; a rate beyond all means tells how many can be had.
"""

import time
from dataclasses import dataclass
from pathlib import Path

from local_services.messages import say
from local_services.places import Places

from . import world

STEADY_RATE, FLOOD_RATE = 500, 30_000
STEADY_SECONDS, FLOOD_SECONDS = 20, 8
WARM_UP_SECONDS = 3


@dataclass(frozen=True)
class Measured:
    nodes: int
    sync_always: bool
    accept_ms: dict[str, str]
    deliver_ms: dict[str, str]
    per_second: float


def measure(where: Places, instance: str, programs: dict[str, Path]) -> list[Measured]:
    found = []
    for nodes in (1, 3):
        for sync_always in (False, True):
            say(f"nodes: {nodes}, sync_interval: {'always' if sync_always else 'default'}")
            steady = world.Shape(STEADY_RATE, STEADY_SECONDS + WARM_UP_SECONDS, nodes, sync_always)
            with world.running(where, instance, programs, steady) as running:
                time.sleep(WARM_UP_SECONDS)
                running.load.phase("steady")
                time.sleep(STEADY_SECONDS)
                phases = {phase["name"]: phase for phase in running.load.finish()["phases"]}
            where.remove_instance(instance)
            flood = world.Shape(FLOOD_RATE, FLOOD_SECONDS * 2, nodes, sync_always)
            with world.running(where, instance, programs, flood) as running:
                time.sleep(WARM_UP_SECONDS)
                before, begun = running.load.accepted, time.monotonic()
                time.sleep(FLOOD_SECONDS)
                per_second = (running.load.accepted - before) / (time.monotonic() - begun)
            where.remove_instance(instance)
            steadily = phases["steady"]
            found.append(Measured(nodes, sync_always, steadily["accept_ms"], steadily["deliver_ms"], per_second))
    return found


def report(found: list[Measured], circumstances: str) -> str:
    lines = [
        circumstances,
        "",
        f"| streams | `sync_interval` | accepted p50 / p99 at {STEADY_RATE}/s | delivered p50 / p99 | accepted at most |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for one in found:
        accept, deliver = one.accept_ms, one.deliver_ms
        lines.append(
            f"| R{one.nodes} | {'always' if one.sync_always else '2 min (default)'} | {accept['p50']} / {accept['p99']} ms"
            f" | {deliver['p50']} / {deliver['p99']} ms | {one.per_second:,.0f}/s |"
        )
    for nodes in (1, 3):
        lazy, always = (next(o for o in found if o.nodes == nodes and o.sync_always == way) for way in (False, True))
        p99 = float(always.accept_ms["p99"]) / max(0.1, float(lazy.accept_ms["p99"]))
        rate = always.per_second / lazy.per_second
        lines.append("")
        lines.append(f"R{nodes}: waiting for the disk makes the p99 of an acknowledgement {p99:.1f} × as long, and leaves {rate:.0%} of the rate.")
    return "\n".join(lines)
