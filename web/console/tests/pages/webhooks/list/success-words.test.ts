import { expect, test } from "vitest";
import { successWords } from "../../../../src/pages/webhooks/list/success-words.ts";

test("never rounds up to all", () => {
  expect(successWords({ deliveries: 10_000, failures: 1, success_rate: 0.9999 })).toEqual({
    rate: "99.9 %",
    sentence: "10,000 deliveries in 24 hours: 99.9 % of the settled ones succeeded, 1 failed",
  });
  expect(successWords({ deliveries: 3, failures: 0, success_rate: 1 }).rate).toBe("100 %");
});

test("tells nothing to say from nothing that succeeded", () => {
  expect(successWords({ deliveries: 0, failures: 0, success_rate: null }).rate).toBe("–");
  expect(successWords({ deliveries: 1, failures: 0, success_rate: null }).sentence).toBe(
    "1 delivery in 24 hours, none settled yet",
  );
  expect(successWords({ deliveries: 2, failures: 2, success_rate: 0 }).rate).toBe("0 %");
});
