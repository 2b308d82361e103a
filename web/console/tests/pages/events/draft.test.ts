import { expect, test } from "vitest";
import {
  bodyOf,
  bytesOf,
  emptyDraft,
  exampleOf,
  isUntouched,
  mistakesIn,
} from "../../../src/pages/events/send/draft.ts";

const draft = { ...emptyDraft, type: "user.created", data: '{"n": 12345678901234567890}' };

test("what is sent is what was written, digit for digit", () => {
  const body = bodyOf(draft);
  expect(body).toBe('{"type":"user.created","data":{"n": 12345678901234567890}}');
  expect(
    JSON.parse(bodyOf({ ...draft, idempotencyKey: "k", timestamp: "2026-01-25T12:00:00Z" })),
  ).toMatchObject({
    idempotency_key: "k",
    timestamp: "2026-01-25T12:00:00Z",
  });
});

test("a draft that can be sent has no mistake", () => {
  expect(mistakesIn(draft, 1_000)).toEqual(new Map());
});

test("each mistake stands at its field", () => {
  const mistakes = mistakesIn({ ...draft, type: "user created", data: "{", idempotencyKey: "a b" }, 1_000);
  expect([...mistakes.keys()]).toEqual(["type", "data", "idempotencyKey"]);
  expect(mistakesIn({ ...draft, type: "" }, 1_000).get("type")).toBe("Say what happened");
  expect(mistakesIn(draft, 10).get("data")).toBe("At most 10 bytes");
  expect(mistakesIn({ ...draft, data: " " }, 10).get("data")).toMatch(/^Any JSON/);
});

test("bytes are counted, not characters", () => {
  expect(bytesOf('"ä€"')).toBe(7);
});

test("an example is that of the catalogue; where there is none, there is none", () => {
  const catalogue = [
    { name: "a", example: '{"id":12345678901234567890}' },
    { name: "b", example: undefined },
  ];
  expect(exampleOf("a", catalogue)).toBe('{\n  "id": 12345678901234567890\n}');
  expect(exampleOf("b", catalogue)).toBeUndefined();
  expect(exampleOf("a", undefined)).toBeUndefined();
  expect(isUntouched(exampleOf("a", catalogue) ?? "", catalogue)).toBe(true);
  expect(isUntouched(" {} ", undefined)).toBe(true);
  expect(isUntouched('{"id": 2}', catalogue)).toBe(false);
});
