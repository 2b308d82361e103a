"""Publishes over NATS (`pip install nats-py`). Variable: POSTHORN_NATS_URL."""

import asyncio
import json
import os
import uuid

import nats

SUBJECT = "posthorn.events.default.user.created"  # posthorn.events.<tenant>.<event type>


async def main():
    connection = await nats.connect(os.environ["POSTHORN_NATS_URL"])
    jetstream = connection.jetstream()

    async def publish(data, headers):
        # JetStream's publish returns when the event is stored; that of the connection would tell nothing.
        acknowledged = await jetstream.publish(SUBJECT, json.dumps(data).encode(), timeout=5, headers=headers)
        print("stored", acknowledged.seq, "duplicate=" + str(bool(acknowledged.duplicate)).lower())

    # Of the business fact, such as an order's number; the whole stream shares these names, so begin with the tenant.
    message_id = f"default:{uuid.uuid4()}"
    traceparent = f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-01"
    headers = {"Nats-Msg-Id": message_id, "traceparent": traceparent}
    await publish({"by": "python-nats", "n": 1}, headers)
    await publish({"by": "python-nats", "n": 1}, headers)  # as after a lost acknowledgement

    event = {"ce-specversion": "1.0", "ce-id": "order/7", "ce-source": "/orders", "ce-type": "user.created"}
    await publish({"by": "python-nats", "n": 2}, event)
    await connection.close()


asyncio.run(main())
