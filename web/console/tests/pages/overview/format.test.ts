import { expect, test } from "vitest";
import { count, percent, perMinute } from "../../../src/pages/overview/format.ts";

test("a share is a whole only if it is one", () => {
  expect(percent(100)).toBe("100 %");
  expect(percent(99.999)).toBe("99.99 %");
  expect(percent(0.0001)).toBe("0.01 %");
  expect(percent(69.934)).toBe("69.9 %");
  expect(percent(0)).toBe("0 %");
  expect(percent(null)).toBe("–");
});

test("a small rate has more digits than a large one", () => {
  expect(perMinute(0)).toBe("0");
  expect(perMinute(0.001)).toBe("< 0.01");
  expect(perMinute(0.256)).toBe("0.26");
  expect(perMinute(73.52)).toBe("73.5");
  expect(perMinute(12_345.6)).toBe("12,346");
});

test("a long count is shortened", () => {
  expect(count(1_332)).toBe("1,332");
  expect(count(1_234_567)).toBe("1.2M");
});
