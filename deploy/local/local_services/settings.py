"""What distinguishes one instance from another.

`dev` keeps a developer's data: fixed ports, everything durable. `bench` is as durable, as production is, unless it is
told otherwise. Any other instance serves tests: its data is worth nothing after a crash of the machine. All but `dev`
take any free ports, so that several clones can work at the same time.
"""

import os
import re
from dataclasses import dataclass

from .messages import Failure

DEV = "dev"
BENCH = "bench"
RESERVED = ("wheels", "debian")
"""Folders beside those of the instances."""
INSTANCE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")

BENCH_DURABLE_VARIABLE = "BENCH_DURABLE"
"""0: measure as if the disk took no time."""
PG_PORT_VARIABLE = "POSTHORN_LOCAL_PG_PORT"
NATS_PORT_VARIABLE = "POSTHORN_LOCAL_NATS_PORT"
NATS_MONITOR_PORT_VARIABLE = "POSTHORN_LOCAL_NATS_MONITOR_PORT"

PG_PORT_DEFAULT = 25_432
NATS_PORT_DEFAULT = 24_222


@dataclass(frozen=True)
class Settings:
    instance: str
    durable: bool
    pg_port: int | None
    """None: any free one."""
    nats_port: int | None
    nats_monitor_port: int | None
    """None: no monitoring endpoint."""

    @property
    def disposable(self) -> bool:
        """Whether nobody misses the data when the machine ends. What is measured lies on a disk."""
        return not self.durable and self.instance != BENCH


def of(instance: str) -> Settings:
    if not INSTANCE_NAME.fullmatch(instance) or instance in RESERVED:
        raise Failure(f"{instance!r} is no name for an instance: use up to 32 of a-z, 0-9 and -, but not {' or '.join(RESERVED)}")
    if instance != DEV:
        durable = instance == BENCH and os.environ.get(BENCH_DURABLE_VARIABLE) != "0"
        return Settings(instance, durable=durable, pg_port=None, nats_port=None, nats_monitor_port=None)
    return Settings(
        instance,
        durable=True,
        pg_port=_port(PG_PORT_VARIABLE) or PG_PORT_DEFAULT,
        nats_port=_port(NATS_PORT_VARIABLE) or NATS_PORT_DEFAULT,
        nats_monitor_port=_port(NATS_MONITOR_PORT_VARIABLE),
    )


def _port(variable: str) -> int | None:
    text = os.environ.get(variable, "")
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise Failure(f"{variable}={text} is no port: it must be a number from 1 to 65535")
    return int(text)
