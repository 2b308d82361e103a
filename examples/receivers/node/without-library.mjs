// The same receiver with nothing but Node.js itself: what verifying means, line by line.
// Variables: SIGNING_SECRETS, one or several with commas between; PORT (9000).

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const BODY_BYTES_MAX = 2 * 1024 * 1024;
const WAITING_MAX = 10_000;
const TOLERANCE_SECONDS = 300;

const keys = process.env.SIGNING_SECRETS.split(",").map((secret) =>
  Buffer.from(secret.replace(/^whsec_/, ""), "base64"),
);
const seen = new Set();
const work = [];

const read = async (request) => {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const equal = (one, other) => one.length === other.length && timingSafeEqual(one, other);

const isGenuine = (headers, body) => {
  const id = headers["webhook-id"] ?? "";
  const timestamp = headers["webhook-timestamp"] ?? "";
  if (!/^\d+$/.test(timestamp)) return false;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const expected = keys.map((key) => {
    const mac = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body);
    return Buffer.from(`v1,${mac.digest("base64")}`);
  });
  // During a rotation there are two signatures, and here there may be two keys: one pair has to match.
  const given = (headers["webhook-signature"] ?? "").split(" ").map((one) => Buffer.from(one));
  return given.some((one) => expected.some((other) => equal(one, other)));
};

const receive = async (request, response) => {
  const body = await read(request);
  if (body === undefined) return response.writeHead(413, { connection: "close" }).end();
  if (!isGenuine(request.headers, body)) return response.writeHead(401).end();
  const id = request.headers["webhook-id"];
  if (seen.has(id)) {
    console.log("repeated:", id);
  } else if (work.length >= WAITING_MAX) {
    return response.writeHead(503, { "Retry-After": "5" }).end();
  } else {
    work.push({ id, type: request.headers["x-webhook-event"], body });
    seen.add(id);
    setImmediate(worker);
  }
  response.writeHead(204).end();
};

const parsed = (body) => {
  try {
    return JSON.parse(body);
  } catch {
    return body; // a template may make any text, a CloudEvent may carry any bytes
  }
};

const worker = () => {
  const { id, type, body } = work.shift();
  console.log("worked:", type, id, parsed(body));
};

createServer((request, response) => {
  receive(request, response).catch(() => response.destroy());
}).listen(Number(process.env.PORT ?? 9000), "127.0.0.1");
