import type { WebhookInput, WebhookPatch } from "@posthorn/client";
import { authInput, newAuthInput } from "./auth-values.ts";
import { mergePatch } from "./merge-patch.ts";
import { parseSchedule } from "./schedule.ts";
import { DEFAULT_SIGNATURE_HEADER, type NumberValue, type WebhookValues } from "./values.ts";

/** A webhook as the api takes it. What is empty is null: the default. */
export function inputOf(values: WebhookValues): WebhookInput {
  return {
    name: values.name.trim(),
    description: orNull(values.description),
    url: values.url.trim(),
    event_types: values.event_types,
    filter: orNull(values.filter),
    integration_type: values.integration_type,
    integration: integrationInput(values),
    auth: authInput(values.auth),
    tls: tlsInput(values),
    custom_headers: Object.fromEntries(
      values.custom_headers
        .filter(({ name, value }) => name.trim() !== "" || value !== "")
        .map(({ name, value }) => [name.trim(), value]),
    ),
    payload_format: values.payload_format,
    payload_template: values.payload_format === "template" ? values.payload_template : null,
    signature_header: {
      name: values.signature_header.name.trim() || DEFAULT_SIGNATURE_HEADER,
      format: values.signature_header.format,
    },
    ...retryInput(values),
    retry_client_errors: values.retry_client_errors,
    timeout_seconds: numberOrNull(values.timeout_seconds),
    rate_limit_per_second: numberOrNull(values.rate_limit_per_second),
    max_in_flight: numberOrNull(values.max_in_flight),
    history_limit: numberOrNull(values.history_limit),
  };
}

/** A new webhook: whether it begins at once, and with whose secret, is asked only then. */
export function newInputOf(values: WebhookValues): WebhookInput {
  return {
    ...inputOf(values),
    auth: newAuthInput(values.auth),
    enabled: values.enabled,
    signing_secret: orNull(values.signing_secret),
  };
}

/**
 * What was changed in the form, as a merge patch: settings that somebody else changed meanwhile, and secrets that were
 * left alone, stay as they are.
 */
export function patchOf(before: WebhookValues, after: WebhookValues): WebhookPatch {
  const [old, wanted] = [inputOf(before), inputOf(after)];
  const patch: WebhookPatch = mergePatch(old, wanted) ?? {};
  // Authentication of another type has nothing of what was there before.
  if (old.auth?.type !== wanted.auth?.type) patch.auth = newAuthInput(after.auth);
  return patch;
}

/** What a preview needs to know, with something in place of each secret: it is not shown anyway. */
export function previewInputOf(values: WebhookValues): WebhookPatch {
  const all = inputOf(values);
  const hidden = "hidden";
  const { auth } = values;
  return {
    url: URL.canParse(values.url.trim()) && /^https?:/i.test(values.url.trim()) ? all.url : undefined,
    event_types: values.event_types.length === 0 ? undefined : all.event_types,
    filter: all.filter,
    integration_type: all.integration_type,
    integration: all.integration,
    auth: authInput({
      ...auth,
      token: hidden,
      username: auth.username || hidden,
      password: hidden,
      header_name: auth.header_name || "X-Token",
      header_value: hidden,
      token_url: "https://example.com/",
      client_id: hidden,
      client_secret: hidden,
    }),
    custom_headers: all.custom_headers,
    payload_format: all.payload_format,
    payload_template: all.payload_template,
    signature_header: all.signature_header,
  };
}

function integrationInput({ integration_type, integration }: WebhookValues): Record<string, never> | null {
  if (integration_type === "discord") {
    const title = integration.thread_name.trim();
    return title === "" ? null : ({ thread_name: title } as unknown as Record<string, never>);
  }
  if (integration_type !== "telegram") return null;
  const chat = integration.chat_id.trim();
  const thread = integration.message_thread_id.trim();
  const settings = {
    // A chat's id is a number; a channel's name is text.
    ...(chat !== "" && { chat_id: /^-?\d+$/.test(chat) ? Number(chat) : chat }),
    ...(thread !== "" && { message_thread_id: /^\d+$/.test(thread) ? Number(thread) : thread }),
  };
  return settings as Record<string, never>;
}

function tlsInput({ tls }: WebhookValues): WebhookInput["tls"] {
  const certificate = orNull(tls.client_certificate);
  const authorities = orNull(tls.ca_certificate);
  const key = tls.client_key === "" ? undefined : tls.client_key;
  if (certificate === null && authorities === null && key === undefined) return null;
  return {
    client_certificate: certificate,
    // The key goes where its certificate goes.
    client_key: certificate === null && key === undefined ? null : key,
    ca_certificate: authorities,
  };
}

function retryInput(values: WebhookValues) {
  const schedule = parseSchedule(values.retry_schedule);
  const steps = "seconds" in schedule ? schedule.seconds : [];
  return {
    max_retries: numberOrNull(values.max_retries),
    retry_delay_seconds: numberOrNull(values.retry_delay_seconds),
    retry_schedule_seconds: values.retry_mode === "schedule" ? steps : null,
  };
}

const orNull = (text: string) => (text.trim() === "" ? null : text);
const numberOrNull = (value: NumberValue) => (value === "" ? null : Number(value));
