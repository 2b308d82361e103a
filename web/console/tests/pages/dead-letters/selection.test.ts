import type { DeadLetter } from "@posthorn/client";
import { expect, test } from "vitest";
import {
  allOf,
  between,
  choiceOf,
  countOf,
  isSelected,
  nothing,
  withIds,
} from "../../../src/pages/dead-letters/selection.ts";
import { requestsOf } from "../../../src/pages/dead-letters/use-discard.ts";

const letters = Array.from({ length: 5 }, (_, index) => ({
  id: `letter-${index}`,
  created_at: new Date(Date.parse("2026-01-25T12:00:00Z") - index * 1_000).toISOString(),
})) as DeadLetter[];

test("rows are chosen one by one and taken back", () => {
  const two = withIds(nothing, ["letter-1", "letter-2"], true, letters);
  expect(countOf(two)).toBe(2);
  expect(choiceOf(withIds(two, ["letter-1"], false, letters), {})).toEqual({ ids: ["letter-2"] });
});

test("shift chooses all between two rows, in either direction", () => {
  expect(between(letters, "letter-1", "letter-3")).toEqual(["letter-1", "letter-2", "letter-3"]);
  expect(between(letters, "letter-3", "letter-1")).toEqual(["letter-1", "letter-2", "letter-3"]);
  expect(between(letters, "gone", "letter-1")).toEqual(["letter-1"]);
});

test("all that match are those of the moment: what is given up later is not meant", () => {
  const all = allOf(letters, 1_234);
  expect(countOf(all)).toBe(1_234);
  expect(choiceOf(all, { webhook_id: "w", letter: "letter-1" })).toEqual({
    webhook_id: "w",
    until: "2026-01-25T12:00:00.001Z",
  });
  expect(choiceOf(all, { until: "2026-01-25T11:00:00Z" })).toEqual({ until: "2026-01-25T11:00:00Z" });
});

test("one that is taken out of all leaves those that are shown", () => {
  const rest = withIds(allOf(letters, 1_234), ["letter-0"], false, letters);
  expect(countOf(rest)).toBe(4);
  expect(isSelected(rest, "letter-0")).toBe(false);
});

test("ids are discarded a hundred at a time", () => {
  const ids = new Set(Array.from({ length: 250 }, (_, index) => `id-${index}`));
  const requests = requestsOf({ kind: "some", ids }, {});
  expect(requests.map((request) => request.ids?.split(",").length)).toEqual([100, 100, 50]);
  expect(requestsOf(allOf(letters, 9), { kind: "delivery" })).toEqual([
    { kind: "delivery", until: "2026-01-25T12:00:00.001Z" },
  ]);
});
