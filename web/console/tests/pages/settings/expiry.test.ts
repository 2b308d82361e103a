import { expect, test } from "vitest";
import { expiryOf, expiryState } from "../../../src/pages/settings/api-keys/expiry.ts";

const now = new Date("2025-03-01T12:00:00Z");

test.each([
  ["30", "2025-03-31T12:00:00.000Z"],
  ["never", null],
  ["other", "2025-04-01T00:00:00.000Z"],
] as const)("a key that works for %s ends at %s", (lifetime, end) => {
  expect(expiryOf(lifetime, "2025-04-01T00:00:00.000Z", now)).toBe(end);
});

test.each([
  [null, "never"],
  ["2025-03-01T11:59:59Z", "expired"],
  ["2025-03-05T12:00:00Z", "soon"],
  ["2025-04-05T12:00:00Z", "later"],
])("a key that ends at %s is told as %s", (end, state) => {
  expect(expiryState(end, now.getTime())).toBe(state);
});
