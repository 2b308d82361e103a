import type { PayloadFormat, Webhook } from "@posthorn/client";
import { duration } from "../../../parts/time.ts";

/** How requests authenticate, in words; secrets are not known here. */
export function authWords(auth: Webhook["auth"]): string {
  switch (auth.type) {
    case "none":
      return "None but the signature";
    case "bearer":
      return "Bearer token";
    case "basic":
      return auth.username ? `Basic, as ${auth.username}` : "Basic, without a user";
    case "header":
      return `Header ${auth.header_name ?? "?"}`;
    case "oauth2":
      return `OAuth 2.0 token of ${auth.token_url ?? "?"}`;
  }
}

/** What a webhook brings to the TLS handshake of its own. */
export function tlsWords(tls: Webhook["tls"]): string {
  const parts = [
    tls?.client_certificate && "a client certificate",
    tls?.ca_certificate && "an authority of its own",
  ].filter(Boolean);
  return parts.length === 0 ? "Public authorities" : `With ${parts.join(" and ")}`;
}

const formats: Record<PayloadFormat, string> = {
  standard: "Standard: id, type, timestamp, data",
  classic: "Classic: event, timestamp, data, webhook_id",
  cloudevents: "CloudEvents, structured",
  cloudevents_binary: "CloudEvents, binary",
  raw: "The data alone",
  template: "By a template",
};

export function formatWords(format: PayloadFormat): string {
  return formats[format];
}

/** What a webhook is bounded by. */
export function limitWords(webhook: Webhook): [string, string][] {
  const { timeout_seconds, rate_limit_per_second, max_in_flight, history_limit } = webhook;
  return [
    ["Timeout", duration(timeout_seconds * 1_000)],
    ["Rate", rate_limit_per_second ? `${rate_limit_per_second} a second` : "Not limited"],
    ["At the same time", max_in_flight ? `${max_in_flight} requests` : "Not limited"],
    ["History", history_limit ? `The last ${history_limit.toLocaleString("en")}` : "By age alone"],
  ];
}
