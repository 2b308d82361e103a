import type { Replay } from "@posthorn/client";
import { shortId } from "../../parts/webhook-names.ts";

type Subject = Pick<Replay, "kind" | "webhook_id" | "event_id">;

/** What a replay is of, in words. */
export function subjectOf({ kind, webhook_id, event_id }: Subject, nameOf: (id: string) => string): string {
  switch (kind) {
    case "webhook":
      return `A time range, to ${webhook_id ? nameOf(webhook_id) : "a webhook"}`;
    case "event":
      return `Event ${event_id ? shortId(event_id) : ""}`.trim();
    case "dead_letters":
      return "Dead letters";
  }
}
