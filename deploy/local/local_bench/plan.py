"""Which scenarios are measured together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from local_services.messages import Failure


@dataclass(frozen=True)
class Group:
    """Scenarios that want the same cluster, in the order of their running."""

    name: str
    deliverers: int
    scenarios: tuple[str, ...]
    shows_tables: bool = False
    """Whether the sizes of tables are part of what is to be seen."""


GROUPS = (
    Group(
        "one",
        1,
        (
            "idle",
            "ceiling",
            "nats",
            "http-arrays",
            "http-single",
            "fan-out",
            "latency",
            "hanging",
            "memory",
            "bodies",
        ),
    ),
    Group("three", 3, ("rate-limit", "breaker")),
    Group("retries", 1, ("retries",), shows_tables=True),
    Group("soak", 1, ("soak",), shows_tables=True),
)

LEFT_OUT = frozenset({"soak"})
"""Takes long, and says little that the others do not: only when it is asked for."""


def chosen(names: str | None) -> Iterator[Group]:
    """The groups with those of their scenarios that are wanted."""
    known = {scenario for group in GROUPS for scenario in group.scenarios}
    wanted = known - LEFT_OUT if not names else set(_split(names))
    if unknown := wanted - known:
        raise Failure(f"there is no scenario {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
    for group in GROUPS:
        if scenarios := tuple(scenario for scenario in group.scenarios if scenario in wanted):
            yield Group(group.name, group.deliverers, scenarios, group.shows_tables)


def _split(names: str) -> Iterable[str]:
    return (name.strip() for name in names.split(",") if name.strip())
