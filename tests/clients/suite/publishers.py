"""Ways into Posthorn: NATS clients of other people, and plain HTTP."""

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import nats

from . import posthorn

PUBLISHER = Path(__file__).resolve().parents[1] / "publisher.mjs"
PUBLISH_SECONDS_MAX = 30

SUBJECT = "posthorn.events.default.user.created"


def nats_py(data: bytes, headers: dict[str, str] | None = None) -> dict[str, Any]:
    return asyncio.run(_nats_py(data, headers))


async def _nats_py(data: bytes, headers: dict[str, str] | None) -> dict[str, Any]:
    connection = await nats.connect(posthorn.NATS_URL)
    try:
        acknowledgement = await connection.jetstream().publish(SUBJECT, data, headers=headers)
        return {"stream": acknowledgement.stream, "duplicate": bool(acknowledgement.duplicate)}
    finally:
        await connection.drain()


def nats_js(data: bytes, message_id: str | None = None) -> dict[str, Any]:
    arguments = [posthorn.NATS_URL, SUBJECT, *([message_id] if message_id else [])]
    finished = subprocess.run(
        ["node", PUBLISHER, *arguments], input=data, capture_output=True, timeout=PUBLISH_SECONDS_MAX, check=False
    )
    if finished.returncode != 0:
        raise AssertionError(finished.stderr.decode())
    acknowledgement: dict[str, Any] = json.loads(finished.stdout)
    return acknowledgement


def http(data: bytes) -> dict[str, Any]:
    body = b'{"type":"user.created","data":' + data + b"}"
    answer: dict[str, Any] = json.loads(posthorn.send("POST", "/events", body, {"content-type": "application/json"}))
    return answer
