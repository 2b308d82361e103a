// Publishes over NATS (`npm install @nats-io/transport-node @nats-io/jetstream`). Variable: POSTHORN_NATS_URL.

import { randomBytes, randomUUID } from "node:crypto";
import { jetstream } from "@nats-io/jetstream";
import { connect, headers } from "@nats-io/transport-node";

const SUBJECT = "posthorn.events.default.user.created"; // posthorn.events.<tenant>.<event type>

const connection = await connect({ servers: process.env.POSTHORN_NATS_URL });
const stream = jetstream(connection);

// JetStream's publish returns when the event is stored; that of the connection would tell nothing.
const publish = async (data, fields) => {
  const carried = headers();
  for (const [name, value] of Object.entries(fields)) carried.set(name, value);
  const stored = await stream.publish(SUBJECT, JSON.stringify(data), { headers: carried, timeout: 5000 });
  console.log("stored", stored.seq, `duplicate=${stored.duplicate}`);
};

// Of the business fact, such as an order's number; the whole stream shares these names, so begin with the tenant.
const fields = {
  "Nats-Msg-Id": `default:${randomUUID()}`,
  traceparent: `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`,
};
await publish({ by: "node-nats", n: 1 }, fields);
await publish({ by: "node-nats", n: 1 }, fields); // as after a lost acknowledgement

const event = { "ce-specversion": "1.0", "ce-id": "order/7", "ce-source": "/orders", "ce-type": "user.created" };
await publish({ by: "node-nats", n: 2 }, event);
await connection.drain();
