import { expect, test } from "vitest";
import { newInputOf, patchOf, previewInputOf } from "../../../../src/pages/webhooks/form/input.ts";
import {
  copyOf,
  emptyValues,
  valuesOf,
  type WebhookValues,
} from "../../../../src/pages/webhooks/form/values.ts";
import { webhook } from "./webhook.ts";

const patch = (of: Parameters<typeof webhook>[0], change: Partial<WebhookValues>) => {
  const before = valuesOf(webhook(of));
  return patchOf(before, { ...before, ...change });
};
const auth = emptyValues.auth;

test("says nothing of what was not changed", () => {
  const full = webhook({
    auth: { type: "basic", username: "ada" },
    tls: { client_certificate: "PEM", ca_certificate: null },
    integration_type: "telegram",
    integration: { chat_id: -100 } as never,
    custom_headers: { "X-A": "1" },
    retry_schedule_seconds: [5, 90],
    payload_format: "template",
    payload_template: "{}",
  });
  expect(patchOf(valuesOf(full), valuesOf(full))).toEqual({});
});

test("takes headers away by name and leaves the others", () => {
  const headers = [{ key: "b", name: "X-B", value: "2" }];
  expect(patch({ custom_headers: { "X-A": "1", "X-B": "2" } }, { custom_headers: headers })).toEqual({
    custom_headers: { "X-A": null },
  });
});

test("leaves a secret out that was not written anew", () => {
  const before = { auth: { type: "basic", username: "ada" } } as const;
  expect(patch(before, { auth: { ...auth, type: "basic", username: "bob" } })).toEqual({
    auth: { username: "bob" },
  });
  expect(patch(before, { auth: { ...auth, type: "bearer", token: "t" } })).toEqual({
    auth: { type: "bearer", token: "t" },
  });
});

test("sends an empty half of a user and a password where nothing is stored", () => {
  const key = { ...auth, type: "basic", username: "sk_1" } as const;
  const expected = { type: "basic", username: "sk_1", password: "" };
  expect(newInputOf({ ...emptyValues, auth: key }).auth).toEqual(expected);
  expect(patch({ auth: { type: "bearer" } }, { auth: key })).toEqual({ auth: expected });
});

test("makes a setting the default again where its field was emptied", () => {
  expect(patch({ filter: "data.a", max_in_flight: 5 }, { filter: " ", max_in_flight: "" })).toEqual({
    filter: null,
    max_in_flight: null,
  });
  expect(patch({ tls: { client_certificate: "PEM" } }, { tls: emptyValues.tls })).toEqual({ tls: null });
});

test("takes the key away with its certificate", () => {
  const tls = { ...emptyValues.tls, ca_certificate: "CA" };
  expect(patch({ tls: { client_certificate: "PEM", ca_certificate: "CA" } }, { tls })).toEqual({
    tls: { client_certificate: null, client_key: null },
  });
});

test("forgets the template with its format, and the schedule with its mode", () => {
  expect(
    patch({ payload_format: "template", payload_template: "{}" }, { payload_format: "standard" }),
  ).toEqual({ payload_format: "standard", payload_template: null });
  expect(patch({ retry_schedule_seconds: [5] }, { retry_mode: "backoff" })).toEqual({
    retry_schedule_seconds: null,
  });
});

test("sends a chat's number as a number and a channel's name as text", () => {
  const values = { ...emptyValues, integration_type: "telegram" as const };
  const chat = (chat_id: string) =>
    newInputOf({ ...values, integration: { chat_id, message_thread_id: "", thread_name: "" } }).integration;
  expect(chat("-100123")).toEqual({ chat_id: -100123 });
  expect(chat("@news")).toEqual({ chat_id: "@news" });
});

test("sends the title of a forum's posts, and keeps what is stored", () => {
  const forum = { integration_type: "discord", integration: { thread_name: "Orders" } as never } as const;
  expect(patchOf(valuesOf(webhook(forum)), valuesOf(webhook(forum)))).toEqual({});
  const thread_name = (title: string) => ({ ...emptyValues.integration, thread_name: title });
  expect(patch(forum, { integration: thread_name(" Refunds ") })).toEqual({
    integration: { thread_name: "Refunds" },
  });
  expect(patch(forum, { integration: thread_name("") })).toEqual({ integration: null });
});

test("previews without any secret, and without a URL that is not written to its end", () => {
  const values = {
    ...emptyValues,
    url: "https:/",
    auth: { ...auth, type: "bearer" as const, token: "very secret" },
  };
  const input = previewInputOf(values);
  expect(JSON.stringify(input)).not.toContain("very secret");
  expect(input.url).toBeUndefined();
  expect(input.event_types).toBeUndefined();
});

test("copies all but the name and the secrets", () => {
  const copy = copyOf(webhook({ auth: { type: "bearer" }, enabled: false, name: "A".repeat(100) }));
  expect(copy).toMatchObject({ enabled: true, auth: { type: "bearer", token: "" } });
  expect(copy.name).toHaveLength(100);
});
