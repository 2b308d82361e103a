import { duration } from "./time.ts";

/** The longest pause that doubling leads to, in seconds: a day. */
const BACKOFF_SECONDS_MAX = 86_400;
/** Delays are told one by one up to so many. */
const DELAYS_TOLD_MAX = 6;

/** What a webhook says of its retries. */
export interface RetrySettings {
  max_retries: number;
  retry_delay_seconds: number;
  retry_schedule_seconds?: readonly number[] | null;
}

/** A retry: how long after the attempt before it, and how long after the first, in seconds, as if attempts took no time. */
export interface PlannedRetry {
  number: number;
  delay: number;
  at: number;
}

/** When a delivery is tried again, if every attempt fails: by a schedule, or with pauses that double. */
export function retryPlan(settings: RetrySettings): PlannedRetry[] {
  const { max_retries, retry_delay_seconds, retry_schedule_seconds } = settings;
  const delays =
    retry_schedule_seconds ??
    Array.from({ length: max_retries }, (_, n) =>
      Math.min(retry_delay_seconds * 2 ** n, BACKOFF_SECONDS_MAX),
    );
  let at = 0;
  return delays.map((delay, index) => {
    at += delay;
    return { number: index + 1, delay, at };
  });
}

/** A plan in words: "10 s, 20 s, 40 s, then gives up after 1 min 10 s". */
export function retryPlanWords(plan: readonly PlannedRetry[]): string {
  const last = plan.at(-1);
  if (last === undefined) return "no retry: gives up after the first attempt";
  const told = plan.slice(0, DELAYS_TOLD_MAX).map(({ delay }) => seconds(delay));
  const more = plan.length > DELAYS_TOLD_MAX ? " …" : "";
  return `${told.join(", ")}${more}, then gives up after ${seconds(last.at)}`;
}

/** A number of seconds in words. */
export const seconds = (count: number) => (count === 0 ? "0 s" : duration(count * 1_000));
