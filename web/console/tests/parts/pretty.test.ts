import { expect, test } from "vitest";
import { pretty } from "../../src/parts/pretty.ts";

test("JSON is laid out as JSON.stringify does it", () => {
  for (const value of [
    { a: 1, b: [true, null, "x, y: {z}"], c: {}, d: [], e: { f: { g: -1.5e-7 } } },
    [],
    {},
    [[1], [[]], [{}]],
    'text with "quotes" and \\',
    42,
    { "": "", "\n": "\u2028" },
  ]) {
    expect(pretty(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
    expect(pretty(JSON.stringify(value, null, 7))).toBe(JSON.stringify(value, null, 2));
  }
});

test("numbers keep their digits", () => {
  expect(pretty('{"n":12345678901234567890,"m":1.10}')).toBe(
    '{\n  "n": 12345678901234567890,\n  "m": 1.10\n}',
  );
});

test("what is no JSON stays as it is", () => {
  expect(pretty("a  {b: 1}")).toBe("a  {b: 1}");
});
