import { expect } from "@playwright/test";
import {
  createEventType,
  createWebhook,
  listDeliveries,
  type Posthorn,
  publishEvents,
  replayWebhook,
} from "@posthorn/client";
import type { Receiver } from "./receiver.ts";

/** What a page can be shown of. */
export interface History {
  webhook: string;
  failing: string;
  delivered: string;
  failed: string;
  event: string;
  replay: string;
}

/** A tenant with something of everything: webhooks that fare well and badly, deliveries in every state, a replay. */
export async function makeHistory(posthorn: Posthorn, receiver: Receiver): Promise<History> {
  receiver.answers(({ path }) =>
    path === "/ok"
      ? { status: 200, body: '{"received":true}' }
      : { status: 503, body: "down for maintenance" },
  );
  await createEventType(posthorn, {
    name: "invoice.paid",
    label: "Invoice paid",
    category: "payment",
    description: "An invoice was paid in full.",
    example: { invoice: "in_42", amount: 129.5, currency: "EUR" },
    schema: { type: "object", required: ["invoice"], properties: { invoice: { type: "string" } } },
  });
  const base = { event_types: ["invoice.*"], max_retries: 0 };
  const well = await createWebhook(posthorn, { ...base, name: "Bookkeeping", url: receiver.url("/ok") });
  const failing = await createWebhook(posthorn, {
    ...base,
    name: "Warehouse in Rotterdam, second attempt at a name that is rather long",
    url: receiver.url("/a/rather/long/path/that/nobody/would/type/by/hand?with=a&query=too"),
  });
  await createWebhook(posthorn, {
    name: "Retried for a while",
    url: receiver.url("/down"),
    event_types: ["invoice.paid"],
    retry_schedule_seconds: [3_600, 7_200],
  });
  await createWebhook(posthorn, { ...base, name: "Switched off", url: receiver.url("/off"), enabled: false });
  const events = Array.from({ length: 12 }, (_, n) => ({
    type: "invoice.paid",
    data: { invoice: `in_${n}`, amount: n * 10.5, customer: { name: "Ünal & Sons", tags: ["a", "b"] } },
  }));
  const { events: published } = await publishEvents(posthorn, events);
  const first = async (webhook: string, status: "success" | "failed") => {
    const seen = async () => (await listDeliveries(posthorn, { webhook }, { status })).deliveries;
    await expect.poll(async () => (await seen()).length, { timeout: 30_000 }).toBe(events.length);
    return (await seen())[0]?.id ?? "";
  };
  const delivered = await first(well.id, "success");
  const failed = await first(failing.id, "failed");
  const { replay_id } = await replayWebhook(posthorn, well.id, { since: "2026-01-01T00:00:00Z" });
  return {
    webhook: well.id,
    failing: failing.id,
    delivered,
    failed,
    event: published[0]?.id ?? "",
    replay: replay_id,
  };
}
