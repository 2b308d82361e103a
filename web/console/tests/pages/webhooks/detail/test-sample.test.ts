import { operationalTypes } from "@posthorn/client";
import { expect, test } from "vitest";
import { dataToTest } from "../../../../src/pages/webhooks/detail/test-sample.ts";

test("a test of what Posthorn itself publishes has data as a real one", () => {
  for (const type of operationalTypes) {
    expect(JSON.parse(dataToTest(type, undefined))).toHaveProperty("webhook_id");
  }
  expect(JSON.parse(dataToTest("order.paid", undefined))).toEqual({ test: true });
  expect(JSON.parse(dataToTest("constructor", undefined))).toEqual({ test: true });
  expect(dataToTest("webhook.failing", '{"own":1}')).toBe('{"own":1}');
});
