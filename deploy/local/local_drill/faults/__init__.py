"""What is broken in a drill, in this order. Each file holds one family of faults."""

from . import clock, links, nats, people, postgres, services
from .fault import Fault

ALL: tuple[Fault, ...] = (
    *services.FAULTS,
    *nats.FAULTS,
    *links.FAULTS,
    *clock.FAULTS,
    *people.FAULTS,
    *postgres.FAULTS,
)
"""PostgreSQL comes last: after the fail-over there is no standby any more."""
