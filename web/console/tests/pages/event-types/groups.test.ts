import type { EventType } from "@posthorn/client";
import { expect, test } from "vitest";
import { byCategory, categoriesOf } from "../../../src/pages/event-types/groups.ts";

const type = (name: string, category: string | null) => ({ name, category }) as EventType;

test("categories come by name, and last what has none", () => {
  const groups = byCategory([
    type("ping", null),
    type("user.created", "user"),
    type("order.paid", "order"),
    type("user.deleted", "user"),
  ]);
  expect(groups.map(({ category, types }) => [category, types.map(({ name }) => name)])).toEqual([
    ["order", ["order.paid"]],
    ["user", ["user.created", "user.deleted"]],
    [undefined, ["ping"]],
  ]);
});

test("each category is named once", () => {
  expect(categoriesOf([type("a", "z"), type("b", null), type("c", "a"), type("d", "z")])).toEqual(["a", "z"]);
});
