import { expect, test } from "vitest";
import { fromPicker, rangeLabel, toPicker } from "../../src/parts/range.ts";

test("a moment survives the way through the date picker", () => {
  const moment = "2026-01-25T12:34:56.000Z";
  expect(fromPicker(toPicker(moment))).toBe(moment);
  expect(toPicker(undefined)).toBeNull();
  expect(fromPicker(null)).toBeUndefined();
  expect(fromPicker("")).toBeUndefined();
});

test("a range says which of its ends are open", () => {
  const [since, until] = [new Date(2026, 0, 5, 9, 5).toISOString(), new Date(2026, 0, 6, 18).toISOString()];
  expect(rangeLabel({})).toBe("Any time");
  expect(rangeLabel({ since })).toBe("Since 5 Jan, 09:05");
  expect(rangeLabel({ until })).toBe("Until 6 Jan, 18:00");
  expect(rangeLabel({ since, until })).toBe("5 Jan, 09:05 – 6 Jan, 18:00");
});
