import type { WebhookValues } from "./values.ts";

/** What the settings are called, where a sentence speaks of them. */
export const fieldLabels = {
  name: "name",
  description: "description",
  url: "URL",
  event_types: "event types",
  filter: "filter",
  integration_type: "kind of receiver",
  integration: "chat",
  auth: "authentication",
  tls: "TLS certificates",
  custom_headers: "headers",
  payload_format: "payload format",
  payload_template: "template",
  signature_header: "signature header",
  retry_mode: "kind of retries",
  max_retries: "number of retries",
  retry_delay_seconds: "first delay",
  retry_schedule: "schedule of retries",
  retry_client_errors: "retries after 4xx answers",
  timeout_seconds: "timeout",
  rate_limit_per_second: "rate limit",
  max_in_flight: "requests at a time",
  history_limit: "length of the history",
} as const satisfies Partial<Record<keyof WebhookValues, string>>;

/** A setting that an edit can change. */
export type EditedField = keyof typeof fieldLabels;

/** Names in a sentence: "URL, filter and timeout". */
export function inWords(fields: readonly EditedField[]): string {
  const names = fields.map((field) => fieldLabels[field]);
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
}
