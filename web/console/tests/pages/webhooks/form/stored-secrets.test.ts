import type { Webhook } from "@posthorn/client";
import { expect, test } from "vitest";
import { authSecretState, tlsKeyState } from "../../../../src/pages/webhooks/form/stored-secrets.ts";
import { validate } from "../../../../src/pages/webhooks/form/validate.ts";
import { valuesOf } from "../../../../src/pages/webhooks/form/values.ts";
import { webhook } from "./webhook.ts";

const bearer = webhook({ auth: { type: "bearer" } });
const oauth2 = webhook({
  auth: { type: "oauth2", token_url: "https://id.example.com/token", client_id: "me" },
});

/** The form's values of a webhook, with another URL. */
const at = (url: string, stored: Webhook) => ({ ...valuesOf(stored), url });

test("a stored secret stays with its scheme, host and port", () => {
  for (const url of [
    "https://example.com/other?a=b",
    "https://EXAMPLE.com:443/",
    " https://example.com ",
    "exam",
  ])
    expect(authSecretState(bearer, at(url, bearer)), url).toBe("stored");
  for (const url of ["https://example.com:8443/", "http://example.com/", "https://example.com.evil.example/"])
    expect(authSecretState(bearer, at(url, bearer)), url).toBe("left-behind");
  expect(authSecretState(undefined, valuesOf(bearer))).toBe("none");
  expect(authSecretState(webhook(), valuesOf(bearer))).toBe("none");
});

test("a client secret stays with its token endpoint too", () => {
  const values = valuesOf(oauth2);
  const toTokenUrl = (token_url: string) => ({ ...values, auth: { ...values.auth, token_url } });
  expect(authSecretState(oauth2, toTokenUrl("https://id.example.com/v2/token"))).toBe("stored");
  expect(authSecretState(oauth2, toTokenUrl("https://other.example.com/token"))).toBe("left-behind");
});

test("what stays behind must be written again before the change is saved", () => {
  const moved = at("https://other.example.com/", bearer);
  expect(validate(moved, bearer)).toEqual({ "auth.token": expect.stringContaining("again") });
  expect(validate({ ...moved, auth: { ...moved.auth, token: "t" } }, bearer)).toEqual({});
  expect(validate(valuesOf(bearer), bearer)).toEqual({});

  const mutual = webhook({ tls: { client_certificate: "PEM" } });
  const elsewhere = at("https://other.example.com/", mutual);
  expect(tlsKeyState(mutual, elsewhere)).toBe("left-behind");
  expect(Object.keys(validate(elsewhere, mutual))).toEqual(["tls.client_key"]);
  const without = { ...elsewhere, tls: { client_certificate: "", client_key: "", ca_certificate: "" } };
  expect(validate(without, mutual)).toEqual({});
});
