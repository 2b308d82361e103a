import { expect, test } from "vitest";
import { webhookState } from "../../src/parts/webhook-state.ts";

test("tells why a webhook is disabled", () => {
  expect(webhookState({ enabled: true }).kind).toBe("enabled");
  expect(webhookState({ enabled: false }).explanation).toContain("by hand");
  expect(webhookState({ enabled: false, disabled_reason: "gone" }).explanation).toContain("410");
  expect(webhookState({ enabled: false, disabled_reason: "failing" }).label).toBe("Gave up");
});

test("tells what is wrong with an enabled one, where that is known", () => {
  expect(webhookState({ enabled: true }, "down").kind).toBe("down");
  expect(webhookState({ enabled: true }, "ok").kind).toBe("enabled");
  // What was read a moment ago must not contradict what was just switched.
  expect(webhookState({ enabled: true }, "disabled").kind).toBe("enabled");
  expect(webhookState({ enabled: false }, "down").kind).toBe("disabled");
});

test("says of an enabled webhook nothing of what disabled it before", () => {
  expect(webhookState({ enabled: true, disabled_reason: "gone" }).kind).toBe("enabled");
});
