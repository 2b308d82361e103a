import { integrationOf } from "@posthorn/client";
import { type PlannedRetry, retryPlan, retryPlanWords } from "../../../parts/retry-plan.ts";
import type { AuthType } from "./auth-values.ts";
import { formatWords } from "./payload-words.ts";
import type { Section } from "./problems.ts";
import { parseSchedule } from "./schedule.ts";
import { DEFAULT_SIGNATURE_HEADER, type WebhookValues } from "./values.ts";

export const authNames: Record<AuthType, string> = {
  none: "None",
  bearer: "Bearer token",
  basic: "Basic",
  header: "Header",
  oauth2: "OAuth 2.0",
};

/** The retry plan that the form describes; of what is not a plan yet, none. */
export function planOf(values: WebhookValues): PlannedRetry[] {
  const schedule = parseSchedule(values.retry_schedule);
  const steps = "seconds" in schedule ? schedule.seconds : [];
  return retryPlan({
    max_retries: numberOr(values.max_retries, 4),
    retry_delay_seconds: numberOr(values.retry_delay_seconds, 10),
    retry_schedule_seconds: values.retry_mode === "schedule" ? steps : null,
  });
}

/** What is set in a part of the form, in a line that is read while the part is folded. */
export const summaries: Record<
  Exclude<Section, "destination" | "events">,
  (values: WebhookValues) => string
> = {
  payload: ({ payload_format, integration_type }) =>
    payload_format === "standard" && integration_type !== "generic"
      ? `Message for ${integrationOf(integration_type).name}`
      : formatWords[payload_format].name,
  security: ({ auth, tls }) =>
    [
      auth.type === "none" ? "Signature only" : `Signature and ${authNames[auth.type]}`,
      tls.client_certificate !== "" && "client certificate",
      tls.ca_certificate !== "" && "own authorities",
    ]
      .filter(Boolean)
      .join(", "),
  headers: ({ custom_headers, signature_header }) => {
    const names = custom_headers.map(({ name }) => name).filter(Boolean);
    const signature = signature_header.name.trim() || DEFAULT_SIGNATURE_HEADER;
    return [...names, `Signature in ${signature}`].join(", ");
  },
  retries: (values) => capitalized(retryPlanWords(planOf(values))),
  limits: ({ timeout_seconds, rate_limit_per_second, max_in_flight, history_limit }) =>
    [
      `Timeout ${numberOr(timeout_seconds, 30)} s`,
      rate_limit_per_second !== "" && `${rate_limit_per_second} a second`,
      max_in_flight !== "" && `${max_in_flight} in flight`,
      history_limit !== "" && `keeps ${history_limit} deliveries`,
    ]
      .filter(Boolean)
      .join(", "),
};

const numberOr = (value: number | string, otherwise: number) => (value === "" ? otherwise : Number(value));
const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
