import { expect, test } from "vitest";
import { retryPlan, retryPlanWords } from "../../src/parts/retry-plan.ts";

const words = (max: number, delay: number, schedule?: number[]) =>
  retryPlanWords(
    retryPlan({ max_retries: max, retry_delay_seconds: delay, retry_schedule_seconds: schedule }),
  );

test("doubles the pause with each retry", () => {
  expect(words(5, 10)).toBe("10 s, 20 s, 40 s, 1 min 20 s, 2 min 40 s, then gives up after 5 min 10 s");
});

test("never waits longer than a day", () => {
  expect(retryPlan({ max_retries: 7, retry_delay_seconds: 3_600 }).map(({ delay }) => delay / 3_600)).toEqual(
    [1, 2, 4, 8, 16, 24, 24],
  );
});

test("follows a schedule instead, where there is one", () => {
  expect(words(4, 10, [0, 60, 3_600])).toBe("0 s, 1 min, 1 h, then gives up after 1 h 1 min");
  expect(words(4, 10, [])).toBe("no retry: gives up after the first attempt");
});

test("tells the first delays of a long plan", () => {
  expect(words(10, 1)).toBe("1 s, 2 s, 4 s, 8 s, 16 s, 32 s …, then gives up after 17 min 3 s");
});
