"""The alerts' own drill: each fault is held until the alert that is for it fires, and nothing else may.

Rules wait for minutes before they tell a person, and what only follows from a lost server is silent for ten minutes
after. So this takes its time: the faults that are silenced by others come before those.
"""

import time
from dataclasses import dataclass

from local_services.messages import say
from local_services.waiting import wait_until

from .conductor import BEHIND_SECONDS, SETTLED_SECONDS_MAX
from .faults import Fault
from .prometheus import Prometheus, scraped_again
from .world import World

BEYOND_FOR_SECONDS = 200
"""Windows of rates fill before a rule begins to wait."""
SILENT_SECONDS_MAX = 420
HELD_SECONDS_MIN = 30


@dataclass(frozen=True)
class Told:
    """What was heard of one fault."""

    fault: Fault
    fired: frozenset[str]
    seconds: dict[str, float]
    """After which each expected alert fired."""

    @property
    def mistakes(self) -> list[str]:
        missing = self.fault.alerts - self.fired
        others = self.fired - self.fault.alerts - self.fault.may_alert
        return [
            *(f"{self.fault.name}: {alert} did not fire" for alert in sorted(missing)),
            *(f"{self.fault.name}: {alert} fired, which is not for it" for alert in sorted(others)),
        ]


def conduct(world: World, prometheus: Prometheus, faults: tuple[Fault, ...], rate: int, calm_seconds: float) -> list[Told]:
    known = prometheus.known()
    told = []
    world.load.phase("calm")
    begun = time.time()
    time.sleep(calm_seconds)
    told.append(Told(CALM, frozenset(prometheus.fired(begun, time.time())), {}))
    for number, fault in enumerate(faults, start=1):
        say(f"{number} of {len(faults)}: {fault.name}, for {', '.join(sorted(fault.alerts)) or 'no alert'}")
        world.load.phase(fault.name)
        begun = time.time()
        with fault.broken(world):
            seconds = _hold(prometheus, fault, known, begun)
        wait_until(lambda: world.load.behind <= rate * BEHIND_SECONDS, SETTLED_SECONDS_MAX)
        # Until all is quiet again: the next fault's alerts shall be its own.
        if number < len(faults) and not wait_until(lambda: not prometheus.firing(), SILENT_SECONDS_MAX):
            say(f"{', '.join(sorted(prometheus.firing()))} still fires")
        scraped_again()
        heard = Told(fault, frozenset(prometheus.fired(begun, time.time())), seconds)
        for mistake in heard.mistakes:
            say(mistake)
        told.append(heard)
    return told


def _hold(prometheus: Prometheus, fault: Fault, known: dict[str, float], begun: float) -> dict[str, float]:
    seconds: dict[str, float] = {}

    def all_fire() -> bool:
        for alert in prometheus.firing() & fault.alerts:
            seconds.setdefault(alert, time.time() - begun)
        time.sleep(1)
        return fault.alerts <= seconds.keys()

    if fault.alerts:
        longest = max(known.get(alert, 0.0) for alert in fault.alerts)
        wait_until(all_fire, longest + BEYOND_FOR_SECONDS)
        # Long enough for others to fire that should not.
        time.sleep(HELD_SECONDS_MIN)
    else:
        time.sleep(fault.hold_seconds)
    return seconds


CALM = Fault("calm", "nothing is broken", lambda world: NotImplemented, "")


def report(told: list[Told], known: dict[str, float], circumstances: str) -> str:
    lines = [
        circumstances,
        "",
        f"Each fault is held until its alert fires and {HELD_SECONDS_MIN} s longer, and for 90 s where there is none for it,"
        " whatever its words say of seconds.",
        "",
        "| fault | alerts that are for it | fired after | others that fired |",
        "| --- | --- | --- | --- |",
    ]
    for one in told:
        after = ", ".join(f"{seconds:.0f} s" for _, seconds in sorted(one.seconds.items())) or "–"
        others = ", ".join(sorted(one.fired - one.fault.alerts)) or "none"
        alerts = ", ".join(sorted(one.fault.alerts)) or "none"
        lines.append(f"| {one.fault.words} | {alerts} | {after} | {others} |")
    drilled = {alert for one in told for alert in one.fault.alerts}
    left = ", ".join(sorted(known.keys() - drilled))
    lines += ["", f"Not drilled, only tested on recorded series: {left}." if left else "Every alert was drilled."]
    return "\n".join(lines)
