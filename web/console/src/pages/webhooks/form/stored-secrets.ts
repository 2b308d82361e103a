import type { Webhook } from "@posthorn/client";
import type { WebhookValues } from "./values.ts";

/** What becomes of a secret whose field is left empty. */
export type SecretState =
  /** There is none: it must be written. */
  | "none"
  /** The stored one stays. */
  | "stored"
  /** The stored one was given for another scheme, host or port and does not follow: it must be written again. */
  | "left-behind";

/** Whether a URL leads to another scheme, host or port. What is no URL is told of beside its own field. */
function isElsewhere(text: string, stored: string): boolean {
  const url = text.trim();
  return URL.canParse(url) && URL.canParse(stored) && new URL(url).origin !== new URL(stored).origin;
}

/** The secret of the way to authenticate that is chosen. */
export function authSecretState(
  stored: Webhook | undefined,
  { url, auth }: Pick<WebhookValues, "url" | "auth">,
): SecretState {
  if (stored === undefined || stored.auth.type !== auth.type) return "none";
  const isTokenUrlElsewhere =
    stored.auth.type === "oauth2" && isElsewhere(auth.token_url, stored.auth.token_url ?? "");
  return isTokenUrlElsewhere || isElsewhere(url, stored.url) ? "left-behind" : "stored";
}

/** The private key of the client certificate. */
export function tlsKeyState(stored: Webhook | undefined, { url }: Pick<WebhookValues, "url">): SecretState {
  if (!stored?.tls?.client_certificate) return "none";
  return isElsewhere(url, stored.url) ? "left-behind" : "stored";
}

/** The field of the secret of each way to authenticate. */
const secretFields = {
  none: undefined,
  bearer: "token",
  basic: "password",
  header: "header_value",
  oauth2: "client_secret",
} as const;

/** What must be written again before the change can be saved, by field. */
export function secretsToWriteAgain(
  stored: Webhook | undefined,
  values: Pick<WebhookValues, "url" | "auth" | "tls">,
): Record<string, string> {
  const errors: Record<string, string> = {};
  const member = secretFields[values.auth.type];
  if (member && values.auth[member] === "" && authSecretState(stored, values) === "left-behind") {
    errors[`auth.${member}`] = WRITE_AGAIN;
  }
  const { client_certificate, client_key } = values.tls;
  if (
    client_certificate.trim() !== "" &&
    client_key === "" &&
    tlsKeyState(stored, values) === "left-behind"
  ) {
    errors["tls.client_key"] = WRITE_AGAIN;
  }
  return errors;
}

const WRITE_AGAIN = "Write it again: the stored one does not go to another server";
