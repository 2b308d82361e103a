// CloudEvents by the official package for JavaScript. Argument: what to do with the JSON on standard input.
//   write   {"mode": "binary"|"structured", "event": {...}, "base64"?: the data, where it is bytes} → {"headers", "body"}
//   read    {"headers", "body"} → {"attributes", "data", "base64"}
// Bodies are base64.

import { buffer } from "node:stream/consumers";
import { CloudEvent, HTTP } from "cloudevents";

const given = JSON.parse(await buffer(process.stdin));

const write = ({ mode, event, base64 }) => {
  const data = base64 === undefined ? event.data : Buffer.from(base64, "base64");
  const { headers, body } = HTTP[mode](new CloudEvent({ ...event, data }));
  return { headers, body: Buffer.from(body).toString("base64") };
};

const read = ({ headers, body }) => {
  const bytes = Buffer.from(body, "base64");
  const isText = /json|text/.test(headers["content-type"]);
  const event = HTTP.toEvent({ headers, body: isText ? bytes.toString("utf8") : bytes });
  const { data, data_base64, ...attributes } = event.toJSON();
  return { attributes, data: data_base64 === undefined ? data : undefined, base64: data_base64 };
};

process.stdout.write(JSON.stringify({ write, read }[process.argv[2]](given)));
