"""What a newcomer sees at first: events over both ways in, a retry, and each delivery arriving verified.

Two webhooks, kept between runs, with a `posthorn listen` each. One takes every event, also those that the newcomer
publishes. The other takes a type of its own, and its receiver fails twice before it accepts.
"""

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from local_services import ports
from local_services.messages import Failure
from local_services.waiting import wait_until

from .client import Client
from .listener import Listener, listening
from .processes import run_to_end
from .stack import Stack

DELIVERY_SECONDS_MAX = 60
RETRIED = "demo.retried"


@dataclass(frozen=True)
class Sample:
    name: str
    settings: dict[str, Any]
    failures: int


EVERYTHING = Sample("Sample", {"event_types": ["*"], "filter": f'type != "{RETRIED}"'}, failures=0)
FLAKY = Sample("Sample that fails twice", {"event_types": [RETRIED], "retry_delay_seconds": 1}, failures=2)


@contextlib.contextmanager
def shown(stack: Stack) -> Iterator[None]:
    """Publishes the samples, and listens until the end of the run."""
    api = Client(stack.api_url, stack.admin_key)
    with contextlib.ExitStack() as receivers:
        print("\nTwo sample webhooks, received by `posthorn listen`:", flush=True)
        everything = receivers.enter_context(_received(stack, api, EVERYTHING))
        flaky = receivers.enter_context(_received(stack, api, FLAKY))
        print("\nEvents, published and delivered:", flush=True)
        _publish(api, RETRIED, {"note": "503 twice, then delivered"})
        _publish(api, "user.created", {"id": 42, "name": "Zoë"})
        _send(stack, "invoice.paid", '{"id": 7, "amount": 19.90}')
        _wait([(flaky, RETRIED), (everything, "user.created"), (everything, "invoice.paid")], stack)
        yield


@contextlib.contextmanager
def _received(stack: Stack, api: Client, sample: Sample) -> Iterator[Listener]:
    port = ports.any_free()
    webhook = _webhook(api, sample, f"http://{ports.LOOPBACK}:{port}/")
    secret = api.get(f"/webhooks/{webhook}/secret")["signing_secret"]
    with listening(stack.programs["posthorn"], port, secret, sample.failures) as listener:
        yield listener


def _webhook(api: Client, sample: Sample, url: str) -> str:
    """The one of an earlier run, if there is one."""
    for found in api.get("/webhooks", search=sample.name)["webhooks"]:
        if found["name"] == sample.name:
            return str(api.patch(f"/webhooks/{found['id']}", {"url": url, "enabled": True})["id"])
    return str(api.post("/webhooks", {"name": sample.name, "url": url} | sample.settings)["id"])


def _publish(api: Client, event_type: str, data: Any) -> None:
    print(f"  publishing over HTTP: {event_type}", flush=True)
    api.post("/events", {"type": event_type, "data": data})


def _send(stack: Stack, event_type: str, data: str) -> None:
    print(f"  publishing over NATS: {event_type}", flush=True)
    command = [stack.programs["posthorn"], "send", event_type, data, "--nats", stack.nats_url]
    if run_to_end(command, stdout=subprocess.DEVNULL).returncode != 0:
        raise Failure("`posthorn send` failed; its words stand above")


def _wait(awaited: list[tuple[Listener, str]], stack: Stack) -> None:
    def missing() -> list[str]:
        return [event_type for listener, event_type in awaited if not listener.accepted(event_type)]

    if not wait_until(lambda: not missing(), DELIVERY_SECONDS_MAX):
        raise Failure(
            f"not delivered within {DELIVERY_SECONDS_MAX} s: {', '.join(missing())}; the logs tell why: {stack.folder}"
        )
