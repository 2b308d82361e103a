import { expect, test } from "vitest";
import { eventIdIn } from "../../../src/pages/events/list/event-id.ts";

const id = "01983f9c-2b6d-7c3e-9f10-4a5b6c7d8e9f";

test("an id is found alone and in what is around it", () => {
  expect(eventIdIn(id)).toBe(id);
  expect(eventIdIn(`  webhook-id: ${id.toUpperCase()} `)).toBe(id);
  expect(eventIdIn("user.created")).toBeUndefined();
  expect(eventIdIn("")).toBeUndefined();
});
