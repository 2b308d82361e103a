// Publishes over HTTP with nothing but Node.js. Variables: POSTHORN_API_URL, POSTHORN_KEY.

import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const URL = `${process.env.POSTHORN_API_URL}/api/v1/events`;
const TRIES_MAX = 8;

// What became of each event. Safe to repeat: the key makes a second try the same request.
const publish = async (events, idempotencyKey) => {
  const headers = {
    authorization: `Bearer ${process.env.POSTHORN_KEY}`,
    "content-type": "application/json",
    "idempotency-key": idempotencyKey,
    // Whoever traces passes the context of the current span here; receivers get it with each request.
    traceparent: `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`,
  };
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    let wait = Math.min(2 ** tries, 60);
    try {
      const signal = AbortSignal.timeout(30_000);
      const answer = await fetch(URL, { method: "POST", headers, body: JSON.stringify(events), signal });
      if (answer.ok) return (await answer.json()).events;
      const problem = await answer.text();
      if (![429, 502, 503, 504].includes(answer.status)) {
        // It says what is wrong (RFC 9457), and it would be wrong again.
        console.error("refused:", problem);
        process.exit(1);
      }
      wait = Number(answer.headers.get("retry-after") ?? wait);
    } catch (error) {
      // No answer: the event may have been stored or not, hence the key.
      console.error("no answer:", error.message);
    }
    await sleep(wait * 1000);
  }
  console.error("not published; keep it and try later");
  process.exit(1);
};

const one = { type: "user.created", data: { by: "node-http", n: 1 } };
const key = randomUUID(); // of the business fact, such as an order's number: the same in each try
console.log(JSON.stringify(await publish(one, key)));
console.log(JSON.stringify(await publish(one, key))); // as after a lost answer: a duplicate, with the first one's id

const several = [2, 3].map((n) => ({ type: "user.created", data: { by: "node-http", n } }));
console.log(JSON.stringify(await publish(several, randomUUID())));
