import { expect, test } from "vitest";
import { eventTypeLabel, patternLabel, patternMatches, wantsOperational } from "../src/index.ts";

const catalogue = [{ name: "user.created", label: "A user signed up" }];

test.each([
  ["user.created", "A user signed up"],
  ["user.password_reset", "User password reset"],
  ["api-key.sso_enabled", "API key SSO enabled"],
  ["ping", "Ping"],
])("the label of %s", (name, label) => {
  expect(eventTypeLabel(name, catalogue)).toBe(label);
});

test.each([
  ["*", "All events"],
  ["user.*", "User: all"],
  ["billing.invoice.*", "Billing invoice: all"],
  ["user.created", "A user signed up"],
])("the label of the pattern %s", (pattern, label) => {
  expect(patternLabel(pattern, catalogue)).toBe(label);
});

test.each([
  ["*", "a.b", true],
  ["*", "webhook.created", true],
  ["*", "webhook.failing", false],
  ["webhook.*", "webhook.failing", true],
  ["webhook.failing", "webhook.failing", true],
  ["user.created", "user.created", true],
  ["user.created", "user.created.twice", false],
  ["user.*", "user.created", true],
  ["user.*", "user.profile.changed", true],
  ["user.*", "user", false],
  ["user.*", "user.", false],
  ["user.*", "users.created", false],
])("%s stands for %s: %s", (pattern, type, matches) => {
  expect(patternMatches(pattern, type)).toBe(matches);
});

test.each([
  [["*"], false],
  [["*", "order.*"], false],
  [["webhook.*"], true],
  [["*", "delivery.exhausted"], true],
  [["webhook.created"], false],
])("%s asks for what Posthorn says of itself: %s", (patterns, wants) => {
  expect(wantsOperational(patterns)).toBe(wants);
});
