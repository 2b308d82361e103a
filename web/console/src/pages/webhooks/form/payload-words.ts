import type { IntegrationType, PayloadFormat } from "@posthorn/client";

/** What each format is called, and what the receiver gets. */
export const formatWords: Record<PayloadFormat, { name: string; help: string }> = {
  standard: {
    name: "Standard: id, type, timestamp, data",
    help: "As Standard Webhooks lay it down. The data is passed on byte for byte.",
  },
  raw: { name: "Data alone", help: "The event's data and nothing else; its type stands in the headers." },
  cloudevents: {
    name: "CloudEvents 1.0, structured",
    help: "One JSON object with all attributes and the data.",
  },
  cloudevents_binary: {
    name: "CloudEvents 1.0, binary",
    help: "The attributes in ce- headers; the body is the data as it was published, of whatever type it is.",
  },
  classic: {
    name: "Classic: event, timestamp, data, webhook_id",
    help: "For receivers that were written for an older sender.",
  },
  template: { name: "Template", help: "A body of your own, made of each event." },
};

const starts: Record<IntegrationType, string> = {
  generic:
    '{\n  "event": {{ type | tojson }},\n  "at": {{ timestamp | tojson }},\n  "data": {{ data | tojson }}\n}',
  slack: '{\n  "text": {{ ("*" ~ type ~ "* " ~ (data | tojson)) | tojson }}\n}',
  discord: '{\n  "content": {{ ("**" ~ type ~ "** " ~ (data | tojson)) | tojson }}\n}',
  telegram: '{\n  "chat_id": "@channel",\n  "text": {{ (type ~ " " ~ (data | tojson)) | tojson }}\n}',
  teams: '{\n  "text": {{ (type ~ " " ~ (data | tojson)) | tojson }}\n}',
};

/** A template to begin with. */
export const templateStart = (type: IntegrationType) => starts[type];
