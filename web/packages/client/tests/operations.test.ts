import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import * as api from "../src/index.ts";
import { serve } from "./server.ts";

type Method = "get" | "put" | "post" | "patch" | "delete";
type Operations = Partial<Record<Method, { operationId: string }>>;
const document: { paths: Record<string, Operations> } = JSON.parse(
  await readFile(new URL("../../../../crates/api/openapi.json", import.meta.url), "utf8"),
);

const id = "01949e5c-0000-7000-8000-000000000001";
const webhook = { name: "n", url: "https://example.com/", event_types: ["*"] };

/** Every function that asks the api something, by the operation that it is for. */
const calls: Record<string, (posthorn: api.Posthorn) => Promise<unknown>> = {
  create_api_key: (p) => api.createApiKey(p, { name: "n", role: "viewer" }),
  create_event_type: (p) => api.createEventType(p, { name: "user.created" }),
  create_tenant: (p) => api.createTenant(p, "acme"),
  create_webhook: (p) => api.createWebhook(p, webhook, { probe: true }),
  cancel_replay: (p) => api.cancelReplay(p, id),
  delete_api_key: (p) => api.deleteApiKey(p, id),
  delete_event_type: (p) => api.deleteEventType(p, "user.created"),
  delete_tenant: (p) => api.deleteTenant(p, "acme"),
  delete_webhook: (p) => api.deleteWebhook(p, id),
  disable_webhook: (p) => api.disableWebhook(p, id),
  discard_dead_letters: (p) => api.discardDeadLetters(p, { all: true }),
  enable_webhook: (p) => api.enableWebhook(p, id),
  erase_event: (p) => api.eraseEvent(p, id),
  erase_events: (p) => api.eraseEvents(p, { type: "user.created" }),
  export_deliveries: (p) => api.exportDeliveries(p, {}, "csv"),
  export_webhook_deliveries: (p) => api.exportDeliveries(p, { webhook: id }, "ndjson"),
  get_api_key: (p) => api.getApiKey(p, id),
  get_dead_letter: (p) => api.getDeadLetter(p, id),
  get_delivery: (p) => api.getDelivery(p, id),
  get_erasure: (p) => api.getErasure(p, id),
  get_event: (p) => api.getEvent(p, id),
  get_event_type: (p) => api.getEventType(p, "user.created"),
  get_queue: (p) => api.getQueue(p),
  get_replay: (p) => api.getReplay(p, id),
  get_session: (p) => api.getSession(p),
  get_statistics: (p) => api.getStatistics(p),
  get_tenant: (p) => api.getTenant(p, "acme"),
  get_webhook: (p) => api.getWebhook(p, id),
  get_webhook_activity: (p) => api.getWebhookActivity(p),
  get_webhook_gate: (p) => api.getWebhookGate(p, id),
  get_webhook_health: (p) => api.getWebhookHealth(p),
  get_webhook_statistics: (p) => api.getStatistics(p, { webhook: id }),
  import_event_types: (p) => api.importEventTypes(p, { event_types: [] }),
  list_api_keys: (p) => api.listApiKeys(p),
  list_audit_log: (p) => api.listAuditLog(p),
  list_available_events: (p) => api.listAvailableEvents(p),
  list_dead_letters: (p) => api.listDeadLetters(p),
  list_deliveries: (p) => api.listDeliveries(p, {}),
  list_event_deliveries: (p) => api.listDeliveries(p, { event: id }),
  list_event_types: (p) => api.listEventTypes(p),
  list_events: (p) => api.listEvents(p),
  list_replays: (p) => api.listReplays(p),
  list_tenants: (p) => api.listTenants(p),
  list_webhook_deliveries: (p) => api.listDeliveries(p, { webhook: id }),
  list_webhooks: (p) => api.listWebhooks(p),
  patch_tenant: (p) => api.patchTenant(p, "acme", { retention_days: 7 }),
  patch_webhook: (p) => api.patchWebhook(p, id, { name: "m" }),
  preview_webhook: (p) => api.previewWebhook(p, { webhook_id: id }),
  probe_url: (p) => api.probeUrl(p, { url: webhook.url }),
  publish_events: (p) => api.publishEvents(p, { type: "user.created", data: null }),
  replace_event_type: (p) => api.replaceEventType(p, "user.created", {}),
  replace_webhook: (p) => api.replaceWebhook(p, id, webhook),
  replay_event: (p) => api.replayEvent(p, id, [id]),
  replay_webhook: (p) => api.replayWebhook(p, id, { since: "2025-01-01T00:00:00Z" }),
  retry_dead_letters: (p) => api.retryDeadLetters(p, { ids: [id] }),
  retry_delivery: (p) => api.retryDelivery(p, id),
  reveal_webhook_secret: (p) => api.revealSecret(p, id),
  rotate_webhook_secret: (p) => api.rotateSecret(p, id, {}),
  test_webhook: (p) => api.testWebhook(p, id, {}),
};

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) =>
    operation.operationId === undefined
      ? []
      : [{ operation: operation.operationId, method: method.toUpperCase(), path }],
  ),
);

test("the document and the functions name the same operations", () => {
  expect(Object.keys(calls).sort()).toEqual(operations.map(({ operation }) => operation).sort());
});

test.each(operations)("$operation asks $method $path", async ({ operation, method, path }) => {
  const { client, seen } = await serve();
  await calls[operation]?.(client());
  const place = new RegExp(`^${path.replaceAll("/", "\\/").replace(/\{\w+\}/g, "[^/]+")}$`);
  expect(seen).toHaveLength(1);
  expect(seen[0]?.method).toBe(method);
  expect(seen[0]?.path).toMatch(place);
});
