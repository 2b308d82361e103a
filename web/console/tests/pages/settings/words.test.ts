import { expect, test } from "vitest";
import { actionLabel, actions, detailsOf } from "../../../src/pages/settings/audit-log/words.ts";
import { exactTime } from "../../../src/parts/time.ts";

const lines = (details: Record<string, unknown>) =>
  detailsOf({ details: details as Record<string, never> }).map(({ name, value }) => `${name}: ${value}`);

test("an action is told in words, and one that is not known by its name", () => {
  expect(actionLabel("webhook.secret_rotated")).toBe("Signing secret rotated");
  expect(actionLabel("moon.landed")).toBe("moon.landed");
});

test("no action is named twice", () => {
  const names = actions.flatMap(({ items }) => items.map(({ value }) => value));
  expect(new Set(names).size).toBe(names.length);
});

test("details are told in words", () => {
  expect(lines({ name: "Orders", changed: ["url", "max_retries"] })).toEqual(["Changed: url, max retries"]);
  expect(lines({ overlap_seconds: 86_400 })).toEqual(["Old secret: good for 1 d"]);
  expect(lines({ overlap_seconds: 0 })).toEqual(["Old secret: void at once"]);
  expect(lines({ count: 12_500 })).toEqual(["Count: 12,500"]);
  expect(lines({ anything: { at: 1 } })).toEqual(['Anything: {"at":1}']);
  expect(lines({ api_keys: 2 })).toEqual(["API keys: 2"]);
  expect(lines({ url: { from: "https://a.example", to: "https://b.example:8443" } })).toEqual([
    "Moved: https://a.example → https://b.example:8443",
  ]);
  expect(lines({ url: "https://a.example" })).toEqual(["Url: https://a.example"]);
  expect(lines({})).toEqual([]);
});

test("the choice of a replay is told, its id is not", () => {
  const range = { since: "2025-01-01T00:00:00Z", until: null, event_types: ["user.*"], only: "failed" };
  expect(lines({ replay_id: "r", selection: range })).toEqual([
    `Since: ${exactTime(range.since)}`,
    "Event types: user.*",
    "Only: failed",
  ]);
  expect(lines({ replay_id: "r", selection: ["w1", "w2"] })).toEqual(["Webhooks: 2"]);
  expect(lines({ replay_id: "r", selection: null })).toEqual([]);
});
