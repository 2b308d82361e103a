import type { StatisticsBucket } from "@posthorn/client";

/** What there is at all is seen, however little it is beside the rest, in pixels. */
const HEIGHT_MIN = 2;

/** A bar: where it stands, and how high its parts are. */
export interface Bar {
  start: string;
  x: number;
  width: number;
  good: number;
  waiting: number;
  bad: number;
}

/** One bar for each bucket, the highest as high as there is room: what succeeded, what is not settled, what failed. */
export function bars(buckets: readonly StatisticsBucket[], width: number, height: number): Bar[] {
  const step = width / Math.max(buckets.length, 1);
  const most = Math.max(1, ...buckets.map(({ deliveries }) => deliveries));
  const scaled = (count: number) => (count <= 0 ? 0 : Math.max(HEIGHT_MIN, (count / most) * height));
  return buckets.map(({ start, deliveries, successes, failures }, index) => {
    const bad = scaled(failures);
    const waiting = Math.min(scaled(deliveries - successes - failures), height - bad);
    const good = Math.min(scaled(successes), height - bad - waiting);
    return { start, x: index * step, width: Math.max(1, step - 1), good, waiting, bad };
  });
}
