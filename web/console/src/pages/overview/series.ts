import type { Statistics, StatisticsBucket } from "@posthorn/client";

/** What a chart shows of a stretch of time. */
export interface Point {
  /** When it begins, in milliseconds. */
  start: number;
  /** When it ends; of the last one, when it was read. */
  end: number;
  deliveries: number;
  /** Deliveries a minute, by what became of them. */
  succeeded: number;
  failed: number;
  open: number;
  /** Successes among the settled ones, from 0 to 100; null if none is settled. */
  successRate: number | null;
  /** Mean time of an answer, in milliseconds; null if there was none. */
  latency: number | null;
}

const MINUTE_MS = 60_000;

/** Statistics as points, each of `merged` buckets; `now` is when they were read, in milliseconds. */
export function pointsOf(statistics: Statistics, merged: number, now: number): Point[] {
  const width = statistics.bucket_seconds * 1_000 * merged;
  const groups = new Map<number, StatisticsBucket[]>();
  for (const bucket of statistics.buckets) {
    const start = Math.floor(Date.parse(bucket.start) / width) * width;
    groups.set(start, [...(groups.get(start) ?? []), bucket]);
  }
  return [...groups].map(([start, buckets]) => pointOf(start, Math.min(start + width, now), buckets));
}

function pointOf(start: number, end: number, buckets: readonly StatisticsBucket[]): Point {
  const deliveries = sum(buckets, (bucket) => bucket.deliveries);
  const successes = sum(buckets, (bucket) => bucket.successes);
  const failures = sum(buckets, (bucket) => bucket.failures);
  // A point that has only begun counts as a minute at least: its first delivery is no storm.
  const minutes = Math.max(1, (end - start) / MINUTE_MS);
  const settled = successes + failures;
  return {
    start,
    end,
    deliveries,
    succeeded: successes / minutes,
    failed: failures / minutes,
    open: (deliveries - settled) / minutes,
    successRate: settled === 0 ? null : (100 * successes) / settled,
    latency: meanLatency(buckets),
  };
}

/** The mean over buckets, weighed by their deliveries: how many answers there were is not told. */
function meanLatency(buckets: readonly StatisticsBucket[]): number | null {
  const answered = buckets.filter((bucket) => typeof bucket.average_response_time_ms === "number");
  const weight = sum(answered, (bucket) => bucket.deliveries);
  if (weight === 0) return null;
  return sum(answered, (bucket) => (bucket.average_response_time_ms ?? 0) * bucket.deliveries) / weight;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

/** Deliveries a minute lately: over the last points that are worth `minutes` together. */
export function lately(points: readonly Point[], minutes: number): number {
  const last = points.at(-1);
  if (last === undefined) return 0;
  const recent = points.filter(({ end }) => end > last.end - minutes * MINUTE_MS);
  const first = recent[0] ?? last;
  return sum(recent, ({ deliveries }) => deliveries) / Math.max(1, (last.end - first.start) / MINUTE_MS);
}
