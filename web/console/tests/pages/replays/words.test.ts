import { expect, test } from "vitest";
import { subjectOf } from "../../../src/pages/replays/words.ts";

const nameOf = (id: string) => `<${id}>`;

test("a replay says what it is of", () => {
  expect(subjectOf({ kind: "webhook", webhook_id: "w" }, nameOf)).toBe("A time range, to <w>");
  expect(subjectOf({ kind: "webhook", webhook_id: null }, nameOf)).toBe("A time range, to a webhook");
  expect(subjectOf({ kind: "event", event_id: "0190-12345678" }, nameOf)).toBe("Event …12345678");
  expect(subjectOf({ kind: "dead_letters" }, nameOf)).toBe("Dead letters");
});
