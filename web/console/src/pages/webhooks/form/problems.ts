import { ApiProblem } from "@posthorn/client";
import type { WebhookValues } from "./values.ts";

/** The parts of the form, in their order. */
export const sections = [
  "destination",
  "events",
  "payload",
  "security",
  "headers",
  "retries",
  "limits",
] as const;
export type Section = (typeof sections)[number];

/** The fields of each part that are folded away at first. */
const fieldsOf: Partial<Record<Section, readonly string[]>> = {
  payload: ["payload_format", "payload_template"],
  security: ["auth", "tls"],
  headers: ["custom_headers", "signature_header", "signing_secret"],
  retries: ["max_retries", "retry_delay_seconds", "retry_schedule", "retry_client_errors"],
  limits: ["timeout_seconds", "rate_limit_per_second", "max_in_flight", "history_limit"],
};

/** The path's first part: `auth` of `auth.token`. */
const head = (path: string) => path.split(/[.[]/)[0] ?? path;

/** The parts of the form that these fields stand in. */
export function sectionsOf(paths: Iterable<string>): Section[] {
  const heads = new Set([...paths].map(head));
  return sections.filter((section) => fieldsOf[section]?.some((field) => heads.has(field)));
}

/** Fields that have a place of their own beside which a mistake is told. */
const FIELD =
  /^(name|description|url|filter|event_types|payload_format|payload_template|signing_secret|max_retries|retry_delay_seconds|retry_schedule|timeout_seconds|rate_limit_per_second|max_in_flight|history_limit|integration\.(chat_id|message_thread_id|thread_name)|signature_header\.(name|format)|tls\.(client_certificate|client_key|ca_certificate)|auth\.(token|username|password|header_name|header_value|token_url|client_id|client_secret|scope|audience|client_authentication)|custom_headers\.\d+\.name)$/;

/**
 * What the api refused, beside the fields of the form. What has no field of its own is left for a message above them all.
 */
export function fieldErrors(
  problem: unknown,
  values: Pick<WebhookValues, "event_types" | "custom_headers">,
): { errors: Record<string, string>; isComplete: boolean } {
  if (!(problem instanceof ApiProblem) || problem.fields.size === 0) return { errors: {}, isComplete: false };
  const errors: Record<string, string> = {};
  let isComplete = true;
  for (const [given, detail] of problem.fields) {
    const { path, text } = placeOf(given.replace(/^webhook\./, ""), detail, values);
    if (FIELD.test(path)) errors[path] = errors[path] === undefined ? text : `${errors[path]}; ${text}`;
    else isComplete = false;
  }
  return { errors, isComplete };
}

/** Where in the form a field of the api's stands. */
function placeOf(
  field: string,
  detail: string,
  values: Pick<WebhookValues, "event_types" | "custom_headers">,
): { path: string; text: string } {
  const pattern = /^event_types\[(\d+)\]/.exec(field);
  if (pattern) {
    return { path: "event_types", text: `${values.event_types[Number(pattern[1])] ?? field}: ${detail}` };
  }
  if (field.startsWith("retry_schedule_seconds")) {
    const step = /\[(\d+)\]/.exec(field);
    return { path: "retry_schedule", text: step ? `Delay ${Number(step[1]) + 1} ${detail}` : detail };
  }
  const header = /^custom_headers\.(.*)$/.exec(field)?.[1]?.toLowerCase();
  if (header !== undefined) {
    const row = values.custom_headers.findIndex(({ name }) => name.trim().toLowerCase() === header);
    return { path: `custom_headers.${row}.name`, text: detail };
  }
  // Of a certificate as a whole is told beside its first field.
  if (field === "tls") return { path: "tls.client_certificate", text: detail };
  return { path: field, text: detail };
}
