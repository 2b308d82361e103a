import { expect, test } from "vitest";
import { asQuery, isFiltered } from "../../../src/pages/deliveries/history/filters.tsx";
import { deliveriesSearch } from "../../../src/pages/deliveries/search.ts";
import { webhookSearch } from "../../../src/pages/webhooks/search.ts";

test("an address that makes no sense filters nothing", () => {
  const filters = deliveriesSearch({
    status: "lost",
    event_type: "  ",
    since: "yesterday",
    until: 5,
    other: 1,
  });
  expect(isFiltered(filters)).toBe(false);
});

test("what the address holds beside filters is neither a filter nor asked for", () => {
  const given = { ...deliveriesSearch({ status: "failed", since: "2026-01-25T12:00:00Z" }), tenant: "acme" };
  expect(isFiltered(given)).toBe(true);
  expect(isFiltered({ ...deliveriesSearch({}), ...{ tenant: "acme", tab: "deliveries" } })).toBe(false);
  expect(asQuery(given)).toEqual({ status: "failed", since: "2026-01-25T12:00:00Z" });
});

test("what the api would refuse does not filter", () => {
  expect(isFiltered(deliveriesSearch({ event_type: "user created", event_id: "42" }))).toBe(false);
  expect(isFiltered(deliveriesSearch({ webhook_id: "Billing" }))).toBe(false);
  const id = "01949e5c-0000-7000-8000-000000000001";
  expect(asQuery(deliveriesSearch({ webhook_id: id }))).toEqual({ webhook_id: id });
  expect(webhookSearch({ webhook_id: id }).webhook_id, "its page is of one webhook alone").toBeUndefined();
  expect(deliveriesSearch({ event_type: "user.created", event_id: id })).toMatchObject({
    event_type: "user.created",
    event_id: id,
  });
});

test("operational events are shown where somebody asks for them, and that filters nothing", () => {
  const shown = deliveriesSearch({ operational: true });
  expect(asQuery(shown)).toEqual({ operational: true });
  expect(isFiltered(shown)).toBe(false);
  // Hidden on purpose, where they are shown by themselves.
  expect(deliveriesSearch({ operational: false }).operational).toBe(false);
  expect(deliveriesSearch({ operational: "yes" }).operational).toBeUndefined();
});
