import type { Delivery } from "@posthorn/client";
import { adviceOnFailure } from "./advice/failures.ts";
import { adviceOnStatus } from "./advice/statuses.ts";

/** Where what is wrong is mended. */
export type Remedy =
  /** In the webhook's settings. */
  | "settings"
  /** By enabling the webhook again. */
  | "enable"
  /** By whoever runs the receiver. */
  | "receiver"
  /** By whoever runs Posthorn. */
  | "operator";

/** A failure in plain words, and what to do. */
export interface Advice {
  /** What happened, in a sentence. */
  title: string;
  /** What that means. */
  meaning: string;
  /** What to do, in the order in which it is worth trying. */
  steps: readonly string[];
  remedy: Remedy;
}

/** What is to be known of an attempt to explain it: the last one of a delivery, or a test. */
export type Outcome = Pick<Delivery, "status_code" | "failure" | "error_message">;

/** Explains a failed attempt. Undefined where there is nothing to explain: it succeeded, or was not made yet. */
export function adviceOn({ status_code, failure, error_message }: Outcome): Advice | undefined {
  if (failure) return adviceOnFailure(failure);
  if (status_code !== null && status_code !== undefined)
    return adviceOnStatus(status_code, (error_message ?? "") !== "");
  return error_message ? adviceOnFailure(failure) : undefined;
}
