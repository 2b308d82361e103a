import type { StatisticsRange } from "@posthorn/client";
import type { OverviewRange } from "./search.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

interface Plan {
  label: string;
  /** As the end of a sentence. */
  words: string;
  length_ms: number;
  bucket: NonNullable<StatisticsRange["bucket"]>;
  bucket_ms: number;
  /** So many buckets become one point of a chart: fine enough to see when something began, no finer. */
  merged: number;
}

/** How each range is cut for the charts. */
export const plans: Record<OverviewRange, Plan> = {
  "1h": {
    label: "1 hour",
    words: "in the last hour",
    length_ms: HOUR_MS,
    bucket: "5m",
    bucket_ms: 5 * MINUTE_MS,
    merged: 1,
  },
  "24h": {
    label: "24 hours",
    words: "in the last 24 hours",
    length_ms: DAY_MS,
    bucket: "5m",
    bucket_ms: 5 * MINUTE_MS,
    merged: 3,
  },
  "7d": {
    label: "7 days",
    words: "in the last 7 days",
    length_ms: 7 * DAY_MS,
    bucket: "1h",
    bucket_ms: HOUR_MS,
    merged: 2,
  },
  "30d": {
    label: "30 days",
    words: "in the last 30 days",
    length_ms: 30 * DAY_MS,
    bucket: "1d",
    bucket_ms: DAY_MS,
    merged: 1,
  },
};

export const DEFAULT_RANGE: OverviewRange = "24h";

/** Where a range begins: at the edge of a point, so that the question stays the same until the next one. */
export function sinceOf(range: OverviewRange, now: number): string {
  const { length_ms, bucket_ms, merged } = plans[range];
  const edge = bucket_ms * merged;
  return new Date(Math.floor((now - length_ms) / edge) * edge + edge).toISOString();
}

/** What the api is asked for a range. */
export function statisticsOf(range: OverviewRange, now: number): StatisticsRange {
  return { since: sinceOf(range, now), bucket: plans[range].bucket };
}
