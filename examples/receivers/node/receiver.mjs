// A webhook receiver: verifies with the Standard Webhooks library, answers at once, works afterwards, drops repeats.
// Variables: SIGNING_SECRETS, one or several with commas between; PORT (9000).

import { isUtf8 } from "node:buffer";
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const BODY_BYTES_MAX = 2 * 1024 * 1024;
const WAITING_MAX = 10_000;

const webhooks = process.env.SIGNING_SECRETS.split(",").map((secret) => new Webhook(secret));
// In a real service both are tables: the id is inserted with the event, in one transaction, before the answer.
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

// Any of the secrets may have signed. The body is not parsed: it need not be JSON.
const isGenuine = (body, headers) =>
  webhooks.some((webhook) => {
    try {
      webhook.verify(body, headers, { jsonParse: false });
      return true;
    } catch {
      return false;
    }
  });

const receive = async (request, response) => {
  const body = await read(request);
  if (body === undefined) return response.writeHead(413, { connection: "close" }).end();
  // The library verifies text only; without-library.mjs takes any bytes.
  if (!isUtf8(body)) return response.writeHead(415).end();
  if (!isGenuine(body, request.headers)) return response.writeHead(401).end();
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
    return body.toString(); // a template may make any text
  }
};

const worker = () => {
  const { id, type, body } = work.shift();
  console.log("worked:", type, id, parsed(body));
};

createServer((request, response) => {
  receive(request, response).catch(() => response.destroy());
}).listen(Number(process.env.PORT ?? 9000), "127.0.0.1");
