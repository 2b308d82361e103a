import type { Replay } from "@posthorn/client";

/** Whether a replay still changes. */
export function isMoving({ status }: Pick<Replay, "status">): boolean {
  return status === "queued" || status === "running";
}

/** How far a replay is, as a share for a bar and in words. */
export function progressOf(replay: Replay) {
  return {
    percent: percentOf(replay),
    color: colors[replay.status],
    isMoving: isMoving(replay),
    words: wordsOf(replay),
  };
}

const colors = {
  queued: "gray",
  running: "blue",
  done: "teal",
  cancelled: "gray",
  failed: "red",
} as const;

function percentOf({ status, processed, total }: Replay): number {
  if (status === "done") return 100;
  // What is not counted yet has begun all the same.
  if (!total) return status === "running" ? 3 : 0;
  return Math.min(100, (100 * processed) / total);
}

function wordsOf(replay: Replay): string {
  const { status, processed, handed_over, skipped, total } = replay;
  const of = total ? ` of ${amount(total)}` : "";
  const left = skipped > 0 ? `, ${amount(skipped)} left as they were` : "";
  switch (status) {
    case "queued":
      return "Waits for its turn";
    case "running":
      return `${amount(processed)}${of} looked at, ${amount(handed_over)} on their way${left}`;
    case "done":
      return `Done: ${amount(handed_over)} on their way again${left}`;
    case "cancelled":
      return `Stopped after ${amount(processed)}${of}: ${amount(handed_over)} had been handed over`;
    case "failed":
      return `Failed after ${amount(processed)}${of}: ${replay.error_message ?? "no reason is known"}`;
  }
}

const amount = (count: number) => count.toLocaleString("en");
