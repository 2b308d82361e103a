import type { Replay } from "@posthorn/client";
import { expect, test } from "vitest";
import { isMoving, progressOf } from "../../src/parts/replay-words.ts";

const replay: Replay = {
  id: "r",
  tenant: "default",
  kind: "dead_letters",
  status: "running",
  total: 2_000,
  processed: 500,
  handed_over: 490,
  skipped: 10,
  created_by: "somebody",
  created_at: "2026-01-01T00:00:00Z",
};

test("a running replay shows its share and says what became of it", () => {
  expect(progressOf(replay)).toEqual({
    percent: 25,
    color: "blue",
    isMoving: true,
    words: "500 of 2,000 looked at, 490 on their way, 10 left as they were",
  });
});

test("a replay whose size is not known has begun all the same", () => {
  expect(progressOf({ ...replay, total: null }).percent).toBeGreaterThan(0);
  expect(progressOf({ ...replay, status: "queued", total: null }).percent).toBe(0);
});

test("an ended replay stands still and is whole only when it is done", () => {
  expect(isMoving({ status: "done" })).toBe(false);
  expect(progressOf({ ...replay, status: "done", skipped: 0 }).words).toBe("Done: 490 on their way again");
  expect(progressOf({ ...replay, status: "done", total: 0 }).percent).toBe(100);
  expect(progressOf({ ...replay, status: "cancelled" }).percent).toBe(25);
  expect(progressOf({ ...replay, status: "failed", error_message: "no stream" }).words).toBe(
    "Failed after 500 of 2,000: no stream",
  );
});
