import { expect, test } from "vitest";
import { bars } from "../../src/parts/sparkline-bars.ts";

const bucket = (deliveries: number, failures: number, successes = deliveries - failures) => ({
  start: `${deliveries}-${failures}`,
  deliveries,
  failures,
  successes,
});

test("draws the highest bar as high as there is room", () => {
  const [first, second] = bars([bucket(10, 0), bucket(5, 0)], 20, 24);
  expect(first).toMatchObject({ x: 0, good: 24, bad: 0 });
  expect(second).toMatchObject({ x: 10, good: 12, bad: 0 });
});

test("shows one failure among thousands, within the room there is", () => {
  const [bar] = bars([bucket(5_000, 1)], 4, 24);
  expect(bar).toMatchObject({ good: 22, bad: 2 });
});

test("tells what is not settled from what succeeded", () => {
  expect(bars([bucket(4, 1, 1)], 4, 24)).toMatchObject([{ good: 6, waiting: 12, bad: 6 }]);
  expect(bars([bucket(4, 0, 0)], 4, 24)).toMatchObject([{ good: 0, waiting: 24, bad: 0 }]);
});

test("draws nothing where nothing was delivered", () => {
  expect(bars([bucket(0, 0)], 4, 24)).toMatchObject([{ good: 0, bad: 0 }]);
  expect(bars([], 4, 24)).toEqual([]);
});
