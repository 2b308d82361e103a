import { expect, test } from "vitest";
import { askedEvent, firstSample } from "../../../../src/pages/webhooks/form/preview/sample.ts";
import { unwritten, verdict } from "../../../../src/pages/webhooks/form/preview/words.ts";

const catalogue = [
  { name: "order.paid", example: '{"amount":12345678901234567890}' },
  { name: "user.created", example: '{"name":"Ada"}' },
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

const asked = (sample: Partial<typeof firstSample>, patterns: string[], of = catalogue) => {
  const answer = askedEvent({ ...firstSample, ...sample }, patterns, of);
  return "member" in answer ? answer.member : answer;
};

test("shows the example of the first type that the webhook wants", () => {
  expect(asked({}, ["user.*"])).toBe('"event":{"type":"user.created","data":{"name":"Ada"}}');
  expect(asked({}, ["none.such"])).toContain("order.paid");
  expect(asked({ exampleType: "order.paid" }, ["user.*"])).toContain('{"amount":12345678901234567890}');
});

test("passes a sample on digit by digit", () => {
  const ownData = '{ "id": 12345678901234567890, "price": 1.10 }';
  expect(asked({ source: "own", ownType: " a.b ", ownData }, [])).toBe(
    `"event":{"type":"a.b","data":${ownData}}`,
  );
});

test("says what is missing before anything is asked", () => {
  expect(asked({}, [], [])).toHaveProperty("missing");
  expect(asked({ source: "recent" }, [])).toHaveProperty("missing");
  expect(asked({ source: "own", ownData: "{" }, [])).toEqual({
    missing: expect.stringContaining("no JSON"),
  });
});

test("tells a type that is not wanted from a filter that says no, and from one that fails", () => {
  expect(verdict(result(true), { event_types: ["*"] })).toEqual({ kind: "delivered" });
  expect(verdict(result(true), { event_types: [] }).reason).toContain("No event type");
  expect(verdict(result(false), { event_types: ["order.*"] }).reason).toContain(
    "does not ask for user.created",
  );
  expect(verdict(result(false), { event_types: ["user.*"] }).reason).toContain("filter");
  const failing = verdict(result(false, "line 1: undefined value"), { event_types: ["*"] });
  expect(failing.kind).toBe("broken");
  expect(failing.reason).toContain("is defined");
});

test("tells what is not written to the end beside its field, and of an event that fails nothing there", () => {
  const half = { matches: false, filter_error: "line 1: unexpected end" };
  expect(unwritten(half)).toEqual({ filter: "line 1: unexpected end" });
  expect(unwritten({ matches: true, template_error: "line 2: syntax error" })).toEqual({
    payload_template: "line 2: syntax error",
  });
  expect(unwritten(result(false, "line 1: undefined value"))).toEqual({});
});
