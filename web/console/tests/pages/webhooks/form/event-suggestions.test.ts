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
  ]);
  expect(labels.get("user.*")).toBe("2 types");
  expect(labels.get("order.paid")).toBe("ORDER.PAID");
});

test("finds what patterns stand for", () => {
  expect(matchedTypes(["user.*", "order.paid"], catalogue)).toHaveLength(3);
  expect(matchedTypes(["user"], catalogue)).toEqual([]);
});
