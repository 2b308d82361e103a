import type { Webhook } from "@posthorn/client";
import { parseSchedule } from "./schedule.ts";
import { secretsToWriteAgain } from "./stored-secrets.ts";
import type { WebhookValues } from "./values.ts";

const PATTERN = /^(\*|[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(\.\*)?)$/;

/** Whether the api would take this as a pattern of event types. */
export function isPattern(text: string): boolean {
  return text.length <= 128 && PATTERN.test(text);
}

/** What can be told at once, of a new webhook or of a change of what is stored; everything else is the api's to say. */
export function validate(values: WebhookValues, stored?: Webhook): Record<string, string> {
  const errors = secretsToWriteAgain(stored, values);
  if (values.name.trim() === "") errors.name = "Give it a name";
  if (values.url.trim() === "") errors.url = "Say where to deliver to";
  else if (!URL.canParse(values.url.trim()))
    errors.url = "Write a whole URL, such as https://example.com/webhooks";
  if (values.event_types.length === 0) errors.event_types = "Choose at least one event type or pattern";
  const odd = values.event_types.filter((pattern) => !isPattern(pattern));
  if (odd.length > 0) {
    errors.event_types = `${odd.join(", ")}: write such as user.created, user.* or *`;
  }
  if (values.payload_format === "template" && values.payload_template.trim() === "") {
    errors.payload_template = "Write a template, or choose another format";
  }
  if (values.integration_type === "telegram" && values.integration.chat_id.trim() === "") {
    errors["integration.chat_id"] = "Say which chat";
  }
  values.custom_headers.forEach(({ name, value }, row) => {
    if (name.trim() === "" && value !== "") errors[`custom_headers.${row}.name`] = "Give the header a name";
  });
  if (values.retry_mode === "schedule") {
    const schedule = parseSchedule(values.retry_schedule);
    if ("mistake" in schedule) errors.retry_schedule = schedule.mistake;
  }
  return errors;
}
