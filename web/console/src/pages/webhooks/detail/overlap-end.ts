import type { AuditEntry } from "@posthorn/client";

/** When the secret before the present one stops signing, by the audit log's word on the last rotation. */
export interface Overlap {
  beganAt: string;
  endsAt: string;
}

/** The overlap that an entry of the audit log began, if it is one and not over at `now` (in milliseconds). */
export function overlapOf(rotation: AuditEntry | undefined, now: number): Overlap | undefined {
  const seconds: unknown = rotation?.details.overlap_seconds;
  if (rotation === undefined || typeof seconds !== "number") return undefined;
  const end = Date.parse(rotation.at) + seconds * 1_000;
  return end > now ? { beganAt: rotation.at, endsAt: new Date(end).toISOString() } : undefined;
}
