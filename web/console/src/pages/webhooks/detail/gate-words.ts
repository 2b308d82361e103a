import type { WebhookActivity, WebhookGate } from "@posthorn/client";

/** Something that holds deliveries back, in plain words. */
export interface Hold {
  kind: "breaker" | "throttle" | "rate";
  title: string;
  meaning: string;
  /** When it ends or is looked at again, if that is known. */
  until?: string;
}

const reasons: Record<string, string> = {
  consecutive_failures: "too many attempts failed one after the other",
  success_rate: "hardly any attempt of the last minute succeeded",
};

/** What holds a webhook's deliveries back at the moment `now` (in milliseconds); empty: nothing does. */
export function holds(gate: WebhookGate, now: number): Hold[] {
  return [...ofBreaker(gate.breaker), ...ofReceiver(gate, now), ...ofRateLimit(gate, now)];
}

/** How it stands as a whole; `isGood` where there is nothing to look at. What holds deliveries back has its own words. */
export function standing(given: {
  isEnabled: boolean;
  isHeld: boolean;
  condition: WebhookActivity["condition"] | undefined;
}): { isGood: boolean; words: string | undefined } {
  if (given.isHeld) return { isGood: false, words: undefined };
  if (!given.isEnabled) return { isGood: false, words: "Disabled: nothing is sent." };
  if (given.condition === "failing") {
    return { isGood: false, words: "Nothing holds deliveries back, but every attempt has failed lately." };
  }
  return { isGood: true, words: "Nothing holds deliveries back." };
}

function ofBreaker({ state, reason, open_until, consecutive_openings }: WebhookGate["breaker"]): Hold[] {
  if (state === "closed") return [];
  const because = (reason && reasons[reason]) ?? "too many attempts failed";
  if (state === "half_open") {
    return [
      {
        kind: "breaker",
        title: "Finding out whether the receiver is back",
        meaning: `Sending was paused, because ${because}. Single deliveries try the receiver now; one success lets all others through.`,
      },
    ];
  }
  const times =
    consecutive_openings > 1 ? ` This is pause ${consecutive_openings} in a row; each is longer.` : "";
  return [
    {
      kind: "breaker",
      title: "Sending is paused",
      meaning: `The circuit breaker is open, because ${because}. Deliveries wait, and no attempt of theirs is used up.${times}`,
      until: open_until ?? undefined,
    },
  ];
}

function ofReceiver({ throttled_until }: WebhookGate, now: number): Hold[] {
  if (!isAhead(throttled_until, now)) return [];
  return [
    {
      kind: "throttle",
      title: "The receiver asked for silence",
      meaning: "It answered with Retry-After. Deliveries wait for as long as it asked.",
      until: throttled_until,
    },
  ];
}

function ofRateLimit({ rate_limit }: WebhookGate, now: number): Hold[] {
  if (!rate_limit || !isAhead(rate_limit.next_slot_at, now)) return [];
  return [
    {
      kind: "rate",
      title: "The rate limit is used up",
      meaning: `Deliveries go out at ${rate_limit.per_second} a second; those beyond wait for their turn.`,
      until: rate_limit.next_slot_at,
    },
  ];
}

function isAhead(moment: string | null | undefined, now: number): moment is string {
  return moment !== null && moment !== undefined && Date.parse(moment) > now;
}

/** That the webhook's filter fails on events, in plain words; undefined: it did not within a day. */
export function filterFailureWords(gate: WebhookGate): { title: string; meaning: string } | undefined {
  const { filter_failures_24h: failures, last_filter_failure: last } = gate;
  if (failures === 0) return undefined;
  return {
    title: `The filter failed on ${eventCount(failures)} within 24 hours`,
    meaning: `An event that the filter fails on is not delivered.${last ? ` The last reason: ${last.reason}` : ""}`,
  };
}

function eventCount(count: number): string {
  return count === 1 ? "1 event" : `${count.toLocaleString("en")} events`;
}

/** How many deliveries wait, in words. */
export function waitingWords({ waiting, waiting_exact }: WebhookGate): string {
  if (waiting === 0) return "No delivery is waiting.";
  const count = waiting.toLocaleString("en");
  if (!waiting_exact) return `More than ${count} deliveries are waiting.`;
  return waiting === 1 ? "1 delivery is waiting." : `${count} deliveries are waiting.`;
}
