import { expect, test } from "vitest";
import { matchedTypes, suggestions } from "../../../../src/pages/webhooks/form/event-suggestions.ts";

const type = (name: string, category: string | null = null) => ({
  name,
  label: name.toUpperCase(),
  category,
});
const catalogue = [type("user.created", "Users"), type("user.address.changed", "Users"), type("order.paid")];

test("offers all, what several types share, then the catalogue by category", () => {
  const { groups, labels } = suggestions(catalogue);
  expect(groups).toEqual([
    { group: "Patterns", items: ["*", "user.*"] },
    { group: "Other types", items: ["order.paid"] },
    { group: "Users", items: ["user.created", "user.address.changed"] },
    {
      group: "Operational events",
      items: ["delivery.exhausted", "webhook.disabled", "webhook.failing", "webhook.recovered"],
    },
  ]);
  expect(labels.get("webhook.failing")).toBe("Webhook failing");
  expect(labels.get("user.*")).toBe("2 types");
  expect(labels.get("order.paid")).toBe("ORDER.PAID");
});

test("offers each name once, also what a catalogue and Posthorn both name", () => {
  const { groups, labels } = suggestions([type("webhook.failing", "Alarms")]);
  const names = groups.flatMap(({ items }) => items);
  expect(names.filter((name) => name === "webhook.failing")).toHaveLength(1);
  expect(labels.get("webhook.failing")).toBe("WEBHOOK.FAILING");
});

test("finds what patterns stand for", () => {
  expect(matchedTypes(["user.*", "order.paid"], catalogue)).toHaveLength(3);
  expect(matchedTypes(["user"], catalogue)).toEqual([]);
});

test("offers what was published lately beside the catalogue", () => {
  const available = ["invoice.paid", "invoice.sent", "order.paid", "webhook.failing"];
  const { groups, labels, seen } = suggestions(catalogue, available);
  expect(seen).toEqual(["invoice.paid", "invoice.sent"]);
  expect(groups.map(({ group }) => group)).toEqual([
    "Patterns",
    "Other types",
    "Users",
    "Published lately",
    "Operational events",
  ]);
  expect(groups[0]?.items).toEqual(["*", "invoice.*", "user.*"]);
  expect(labels.get("invoice.paid")).toBe("Invoice paid");
  expect(labels.get("invoice.*")).toBe("2 types");
});
