import { expect, test } from "vitest";
import {
  getWebhookVersion,
  listEvents,
  listWebhooks,
  patchWebhook,
  publishEvents,
  replaceWebhook,
} from "../src/index.ts";
import { key, serve } from "./server.ts";

const id = "01949e5c-0000-7000-8000-000000000001";

test("a request carries the key and the tenant in its head, never in its address", async () => {
  const { client, seen } = await serve(() => ({ webhooks: [], total: 0 }));
  await listWebhooks(client({ tenant: "acme" }), { enabled: true, search: "a b" });
  expect(seen[0]).toMatchObject({
    method: "GET",
    path: "/api/v1/webhooks",
    headers: { authorization: `Bearer ${key}`, "posthorn-tenant": "acme" },
  });
  expect([...(seen[0]?.query ?? [])]).toEqual([
    ["enabled", "true"],
    ["search", "a b"],
  ]);
});

test("without a tenant the key's own is meant", async () => {
  const { client, seen } = await serve();
  await listWebhooks(client());
  expect(seen[0]?.headers["posthorn-tenant"]).toBeUndefined();
});

test("a key that is asked for is asked for with each request", async () => {
  const { client, seen } = await serve();
  const keys = ["first", "second", undefined];
  const posthorn = client({ apiKey: () => keys.shift() });
  for (let request = 0; request < 3; request += 1) await listEvents(posthorn);
  expect(seen.map(({ headers }) => headers.authorization)).toEqual([
    "Bearer first",
    "Bearer second",
    undefined,
  ]);
});

test("filters that are absent are not sent", async () => {
  const { client, seen } = await serve();
  await listEvents(client(), { type: undefined, limit: 3 });
  expect(seen[0]?.query.toString()).toBe("limit=3");
});

test("events are sent as they are, one or many", async () => {
  const { client, seen } = await serve(() => ({ events: [] }));
  const event = { type: "user.created", data: { id: 7, name: "Ada" } };
  await publishEvents(client(), event);
  await publishEvents(client(), [event, event]);
  expect(seen.map(({ body }) => body)).toEqual([event, [event, event]]);
});

test("a change is made as a merge patch, and only of the version that was read", async () => {
  const { client, seen } = await serve(({ method }, response) => {
    if (method === "GET") response.setHeader("etag", '"7"');
    return { id, name: "n" };
  });
  const { webhook, etag } = await getWebhookVersion(client(), id);
  expect([webhook.id, etag]).toEqual([id, '"7"']);
  await patchWebhook(client(), id, { description: null }, { ifMatch: etag, probe: true });
  expect(seen[1]).toMatchObject({
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json", "if-match": '"7"' },
    body: { description: null },
  });
  expect(seen[1]?.query.get("probe")).toBe("true");
  await replaceWebhook(client(), id, { name: "n", url: "https://example.com/", event_types: ["*"] });
  expect(seen[2]?.headers["if-match"]).toBeUndefined();
  expect(seen[2]?.query.size).toBe(0);
});

test("a version is the same one behind a proxy that compresses", async () => {
  const { client } = await serve((_request, response) => {
    response.setHeader("etag", 'W/"7"');
    return { id };
  });
  expect((await getWebhookVersion(client(), id)).etag).toBe('"7"');
});

test("a request that is called off ends as such, not as a problem", async () => {
  const { client } = await serve(() => new Promise(() => undefined));
  const calledOff = new AbortController();
  const answer = listWebhooks(client(), {}, calledOff.signal);
  calledOff.abort();
  await expect(answer).rejects.toMatchObject({ name: "AbortError" });
});

test("requests go through the fetch that is given", async () => {
  const { client, seen } = await serve();
  let calls = 0;
  const counted: typeof fetch = (input, init) => {
    calls += 1;
    return fetch(input, init);
  };
  await listWebhooks(client({ fetch: counted }));
  expect([calls, seen.length]).toEqual([1, 1]);
});
