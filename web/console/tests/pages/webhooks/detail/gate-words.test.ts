import type { WebhookGate } from "@posthorn/client";
import { expect, test } from "vitest";
import {
  filterFailureWords,
  holds,
  standing,
  waitingWords,
} from "../../../../src/pages/webhooks/detail/gate-words.ts";

const now = Date.parse("2026-01-25T12:00:00Z");
const later = "2026-01-25T12:05:00Z";
const earlier = "2026-01-25T11:55:00Z";

const open: WebhookGate = {
  breaker: { state: "closed", consecutive_openings: 0 },
  waiting: 0,
  waiting_exact: true,
  filter_failures_24h: 0,
};
const kinds = (gate: WebhookGate) => holds(gate, now).map(({ kind, until }) => [kind, until]);

test("an open gate holds nothing back", () => {
  expect(holds(open, now)).toEqual([]);
});

test("a breaker says why it opened, and for which time", () => {
  const breaker = {
    state: "open" as const,
    reason: "consecutive_failures",
    open_until: later,
    consecutive_openings: 3,
  };
  const [hold] = holds({ ...open, breaker }, now);
  expect(hold).toMatchObject({ kind: "breaker", until: later });
  expect(hold?.meaning).toContain("too many attempts failed one after the other");
  expect(hold?.meaning).toContain("This is pause 3 in a row");
  const [probing] = holds({ ...open, breaker: { ...breaker, state: "half_open" } }, now);
  expect(probing?.until).toBeUndefined();
  const [unknown] = holds(
    { ...open, breaker: { ...breaker, reason: "other", consecutive_openings: 1 } },
    now,
  );
  expect(unknown?.meaning).toBe(
    "The circuit breaker is open, because too many attempts failed. Deliveries wait, and no attempt of theirs is used up.",
  );
});

test("a silence and a rate limit hold only until their end", () => {
  expect(kinds({ ...open, throttled_until: later })).toEqual([["throttle", later]]);
  expect(kinds({ ...open, throttled_until: earlier })).toEqual([]);
  expect(kinds({ ...open, rate_limit: { per_second: 5, next_slot_at: later } })).toEqual([["rate", later]]);
  expect(kinds({ ...open, rate_limit: { per_second: 5, next_slot_at: null } })).toEqual([]);
});

test("a filter that fails is told with its count and the last reason", () => {
  expect(filterFailureWords(open)).toBeUndefined();
  const last_filter_failure = { event_id: "e", at: earlier, reason: "line 1: undefined value" };
  expect(filterFailureWords({ ...open, filter_failures_24h: 1000, last_filter_failure })).toEqual({
    title: "The filter failed on 1,000 events within 24 hours",
    meaning: "An event that the filter fails on is not delivered. The last reason: line 1: undefined value",
  });
  expect(filterFailureWords({ ...open, filter_failures_24h: 1 })).toEqual({
    title: "The filter failed on 1 event within 24 hours",
    meaning: "An event that the filter fails on is not delivered.",
  });
});

test("what waits is counted in words", () => {
  expect(waitingWords(open)).toBe("No delivery is waiting.");
  expect(waitingWords({ ...open, waiting: 1 })).toBe("1 delivery is waiting.");
  expect(waitingWords({ ...open, waiting: 1200 })).toBe("1,200 deliveries are waiting.");
  expect(waitingWords({ ...open, waiting: 10_000, waiting_exact: false })).toBe(
    "More than 10,000 deliveries are waiting.",
  );
});

test("is good only where deliveries go out and succeed", () => {
  const well = { isEnabled: true, isHeld: false, condition: undefined } as const;
  expect(standing(well)).toEqual({ isGood: true, words: "Nothing holds deliveries back." });
  expect(standing({ ...well, condition: "failing" })).toEqual({
    isGood: false,
    words: expect.stringContaining("every attempt has failed"),
  });
  expect(standing({ ...well, isHeld: true })).toEqual({ isGood: false, words: undefined });
  expect(standing({ ...well, isEnabled: false, condition: "failing" }).words).toContain("Disabled");
});
