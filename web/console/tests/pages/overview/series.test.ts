import type { Statistics } from "@posthorn/client";
import { expect, test } from "vitest";
import { sinceOf, statisticsOf } from "../../../src/pages/overview/range.ts";
import { lately, pointsOf } from "../../../src/pages/overview/series.ts";

const NOON = Date.parse("2026-01-25T12:00:00Z");
const MINUTE = 60_000;

function statistics(buckets: [deliveries: number, successes: number, failures: number, ms?: number][]) {
  return {
    bucket_seconds: 300,
    buckets: buckets.map(([deliveries, successes, failures, ms], index) => ({
      start: new Date(NOON + index * 5 * MINUTE).toISOString(),
      deliveries,
      successes,
      failures,
      average_response_time_ms: ms ?? null,
    })),
  } as Statistics;
}

test("a point counts deliveries a minute by what became of them", () => {
  const [point] = pointsOf(statistics([[50, 30, 10, 80]]), 1, NOON + 60 * MINUTE);
  expect(point).toEqual({
    start: NOON,
    end: NOON + 5 * MINUTE,
    deliveries: 50,
    succeeded: 6,
    failed: 2,
    open: 2,
    successRate: 75,
    latency: 80,
  });
});

test("the last point is not over: it is measured by the time that has passed, a minute at least", () => {
  const of = (now: number) => pointsOf(statistics([[10, 10, 0]]), 1, now)[0]?.succeeded;
  expect(of(NOON + 2 * MINUTE)).toBe(5);
  expect(of(NOON + 1_000)).toBe(10);
});

test("where nothing settled or answered there is no rate, not a rate of zero", () => {
  const [empty] = pointsOf(statistics([[0, 0, 0]]), 1, NOON + 60 * MINUTE);
  expect(empty?.successRate).toBeNull();
  expect(empty?.latency).toBeNull();
});

test("buckets are merged at whole quarters of an hour, their latency weighed", () => {
  const points = pointsOf(
    statistics([
      [30, 30, 0, 100],
      [10, 0, 10, 300],
      [0, 0, 0],
      [5, 5, 0, 10],
    ]),
    3,
    NOON + 60 * MINUTE,
  );
  expect(points.map(({ start }) => start)).toEqual([NOON, NOON + 15 * MINUTE]);
  expect(points[0]).toMatchObject({ deliveries: 40, successRate: 75, latency: 150 });
});

test("the rate of late is that of the last minutes", () => {
  const points = pointsOf(
    statistics([
      [1_000, 0, 0],
      [50, 0, 0],
      [50, 0, 0],
      [20, 0, 0],
    ]),
    1,
    NOON + 17 * MINUTE,
  );
  expect(lately(points, 7)).toBe((50 + 20) / 7);
  expect(lately([], 15)).toBe(0);
});

test("a range keeps its beginning until its next point begins", () => {
  const now = NOON + 7 * MINUTE;
  expect(sinceOf("1h", now)).toBe("2026-01-25T11:10:00.000Z");
  expect(sinceOf("1h", now + 2 * MINUTE)).toBe("2026-01-25T11:10:00.000Z");
  expect(statisticsOf("30d", now)).toEqual({ since: "2025-12-27T00:00:00.000Z", bucket: "1d" });
});
