import { expect, test } from "vitest";
import { askedEvent, firstSample } from "../../../../src/pages/webhooks/form/preview/sample.ts";
import { prettyBody, verdict } from "../../../../src/pages/webhooks/form/preview/words.ts";

const catalogue = [
  { name: "order.paid", example: { amount: 5 } },
  { name: "user.created", example: { name: "Ada" } },
];
const result = (matches: boolean, filter_error: string | null = null) => ({
  matches,
  filter_error,
  request: {
    method: "POST",
    url: "https://example.com/",
    headers: { "x-webhook-event": "user.created" },
    body: "",
  },
});

test("shows the example of the first type that the webhook wants", () => {
  expect(askedEvent(firstSample, ["user.*"], catalogue)).toEqual({
    event: { type: "user.created", data: { name: "Ada" } },
  });
  expect(askedEvent(firstSample, ["none.such"], catalogue)).toMatchObject({ event: { type: "order.paid" } });
  expect(askedEvent({ ...firstSample, exampleType: "order.paid" }, ["user.*"], catalogue)).toMatchObject({
    event: { data: { amount: 5 } },
  });
});

test("says what is missing before anything is asked", () => {
  expect(askedEvent(firstSample, [], [])).toHaveProperty("missing");
  expect(askedEvent({ ...firstSample, source: "recent" }, [], catalogue)).toHaveProperty("missing");
  expect(askedEvent({ ...firstSample, source: "own", ownData: "{" }, [], catalogue)).toEqual({
    missing: expect.stringContaining("no JSON"),
  });
});

test("tells a type that is not wanted from a filter that says no, and from one that fails", () => {
  expect(verdict(result(true), { event_types: ["*"] })).toEqual({ kind: "delivered" });
  expect(verdict(result(false), { event_types: ["order.*"] }).reason).toContain(
    "does not ask for user.created",
  );
  expect(verdict(result(false), { event_types: ["user.*"] }).reason).toContain("filter");
  expect(verdict(result(false, "undefined value"), { event_types: ["*"] })).toEqual({
    kind: "broken",
    reason: "That counts as no match: undefined value",
  });
});

test("breaks JSON into lines and leaves everything else as it is", () => {
  expect(prettyBody('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(prettyBody("a=1&b=2")).toBe("a=1&b=2");
});
