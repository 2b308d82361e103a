// A webhook receiver in Node.js that verifies with the official package.
// Arguments: signing secrets. Standard output: the port, then a line of JSON for each request, in which `verified`
// says for each secret whether the signature is valid under it.

import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const webhooks = process.argv.slice(2).map((secret) => new Webhook(secret));

const isValid = (webhook, body, headers) => {
  try {
    webhook.verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
};

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const verified = webhooks.map((webhook) => isValid(webhook, body.toString("utf8"), request.headers));
  const line = { path: request.url, headers: request.headers, body: body.toString("base64"), verified };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  response.writeHead(204).end();
});

server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
