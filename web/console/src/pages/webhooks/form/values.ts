import type { IntegrationType, PayloadFormat, SignatureFormat, Webhook } from "@posthorn/client";
import { type AuthValues, authValues, noAuth } from "./auth-values.ts";
import { scheduleText } from "./schedule.ts";

/** A number as a field holds it; empty text is the default, or no limit. */
export type NumberValue = number | string;

export interface HeaderValue {
  /** Tells the rows of the editor apart. */
  key: string;
  name: string;
  value: string;
}

/** A webhook as the form holds it: text wherever something may be empty. */
export interface WebhookValues {
  name: string;
  description: string;
  url: string;
  enabled: boolean;
  event_types: string[];
  filter: string;
  integration_type: IntegrationType;
  integration: { chat_id: string; message_thread_id: string; thread_name: string };
  auth: AuthValues;
  tls: { client_certificate: string; client_key: string; ca_certificate: string };
  custom_headers: HeaderValue[];
  payload_format: PayloadFormat;
  payload_template: string;
  signature_header: { name: string; format: SignatureFormat };
  signing_secret: string;
  retry_mode: "backoff" | "schedule";
  max_retries: NumberValue;
  retry_delay_seconds: NumberValue;
  retry_schedule: string;
  retry_client_errors: boolean;
  timeout_seconds: NumberValue;
  rate_limit_per_second: NumberValue;
  max_in_flight: NumberValue;
  history_limit: NumberValue;
}

export const DEFAULT_SIGNATURE_HEADER = "X-Webhook-Signature";

export const emptyValues: WebhookValues = {
  name: "",
  description: "",
  url: "",
  enabled: true,
  event_types: [],
  filter: "",
  integration_type: "generic",
  integration: { chat_id: "", message_thread_id: "", thread_name: "" },
  auth: noAuth,
  tls: { client_certificate: "", client_key: "", ca_certificate: "" },
  custom_headers: [],
  payload_format: "standard",
  payload_template: "",
  signature_header: { name: DEFAULT_SIGNATURE_HEADER, format: "prefixed_hex" },
  signing_secret: "",
  retry_mode: "backoff",
  max_retries: 4,
  retry_delay_seconds: 10,
  retry_schedule: "",
  retry_client_errors: true,
  timeout_seconds: 30,
  rate_limit_per_second: "",
  max_in_flight: "",
  history_limit: "",
};

/** What the form shows of a webhook; secrets are not answered, so their fields are empty. */
export function valuesOf(webhook: Webhook): WebhookValues {
  const setting = (name: string) => {
    const value = (webhook.integration as Record<string, unknown>)[name];
    return value === undefined || value === null ? "" : String(value);
  };
  return {
    name: webhook.name,
    description: webhook.description ?? "",
    url: webhook.url,
    enabled: webhook.enabled,
    event_types: webhook.event_types,
    filter: webhook.filter ?? "",
    integration_type: webhook.integration_type,
    integration: {
      chat_id: setting("chat_id"),
      message_thread_id: setting("message_thread_id"),
      thread_name: setting("thread_name"),
    },
    auth: authValues(webhook.auth),
    tls: {
      client_certificate: webhook.tls?.client_certificate ?? "",
      client_key: "",
      ca_certificate: webhook.tls?.ca_certificate ?? "",
    },
    custom_headers: Object.entries(webhook.custom_headers).map(([name, value]) => ({
      key: name,
      name,
      value,
    })),
    payload_format: webhook.payload_format,
    payload_template: webhook.payload_template ?? "",
    signature_header: webhook.signature_header,
    signing_secret: "",
    retry_mode: webhook.retry_schedule_seconds ? "schedule" : "backoff",
    max_retries: webhook.max_retries,
    retry_delay_seconds: webhook.retry_delay_seconds,
    retry_schedule: scheduleText(webhook.retry_schedule_seconds ?? []),
    retry_client_errors: webhook.retry_client_errors,
    timeout_seconds: webhook.timeout_seconds,
    rate_limit_per_second: webhook.rate_limit_per_second ?? "",
    max_in_flight: webhook.max_in_flight ?? "",
    history_limit: webhook.history_limit ?? "",
  };
}

/** A webhook to begin with as a copy of another: all but its secrets, which nobody is told. */
export function copyOf(webhook: Webhook): WebhookValues {
  return { ...valuesOf(webhook), name: `Copy of ${webhook.name}`.slice(0, 100), enabled: true };
}
