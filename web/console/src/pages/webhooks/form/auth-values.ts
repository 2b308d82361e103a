import type { Webhook, WebhookInput } from "@posthorn/client";

type AuthInput = NonNullable<WebhookInput["auth"]>;
export type AuthType = AuthInput["type"];

/** The members of every type side by side, so that choosing another type and going back loses nothing. */
export interface AuthValues {
  type: AuthType;
  token: string;
  username: string;
  password: string;
  header_name: string;
  header_value: string;
  token_url: string;
  client_id: string;
  client_secret: string;
  scope: string;
  audience: string;
  client_authentication: "basic" | "body";
}

export const noAuth: AuthValues = {
  type: "none",
  token: "",
  username: "",
  password: "",
  header_name: "",
  header_value: "",
  token_url: "",
  client_id: "",
  client_secret: "",
  scope: "",
  audience: "",
  client_authentication: "basic",
};

/** What is answered of a webhook's authentication: all but the secret. */
export function authValues(auth: Webhook["auth"]): AuthValues {
  switch (auth.type) {
    case "basic":
      return { ...noAuth, type: "basic", username: auth.username ?? "" };
    case "header":
      return { ...noAuth, type: "header", header_name: auth.header_name ?? "" };
    case "oauth2":
      return {
        ...noAuth,
        type: "oauth2",
        token_url: auth.token_url ?? "",
        client_id: auth.client_id ?? "",
        scope: auth.scope ?? "",
        audience: auth.audience ?? "",
        client_authentication: auth.client_authentication ?? "basic",
      };
    default:
      return { ...noAuth, type: auth.type };
  }
}

/** Authentication where nothing of the kind is stored. Of a user and a password either may be empty. */
export function newAuthInput(auth: AuthValues): AuthInput {
  return auth.type === "basic"
    ? { type: "basic", username: auth.username, password: auth.password }
    : authInput(auth);
}

/** Authentication as the api takes it. A secret that is left empty is left out: the stored one stays. */
export function authInput(auth: AuthValues): AuthInput {
  const secret = (text: string) => (text === "" ? undefined : text);
  switch (auth.type) {
    case "none":
      return { type: "none" };
    case "bearer":
      return { type: "bearer", token: secret(auth.token) };
    case "basic":
      return { type: "basic", username: auth.username, password: secret(auth.password) };
    case "header":
      return {
        type: "header",
        header_name: auth.header_name.trim(),
        header_value: secret(auth.header_value),
      };
    case "oauth2":
      return {
        type: "oauth2",
        token_url: auth.token_url.trim(),
        client_id: auth.client_id,
        client_secret: secret(auth.client_secret),
        scope: auth.scope.trim() || null,
        audience: auth.audience.trim() || null,
        client_authentication: auth.client_authentication,
      };
  }
}
