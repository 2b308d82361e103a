import type { AuditEntry } from "@posthorn/client";
import { expect, test } from "vitest";
import { overlapOf } from "../../../../src/pages/webhooks/detail/overlap-end.ts";

const rotation = (details: Record<string, unknown>) =>
  ({
    id: 1,
    at: "2026-01-25T12:00:00Z",
    actor: "me",
    action: "webhook.secret_rotated",
    target_kind: "webhook",
    target_id: "x",
    details,
  }) as AuditEntry;
const at = (time: string) => Date.parse(`2026-01-25T${time}Z`);

test("two secrets sign from the rotation to the end of the overlap", () => {
  expect(overlapOf(rotation({ overlap_seconds: 3_600 }), at("12:59:59"))).toEqual({
    beganAt: "2026-01-25T12:00:00Z",
    endsAt: "2026-01-25T13:00:00.000Z",
  });
  expect(overlapOf(rotation({ overlap_seconds: 3_600 }), at("13:00:00"))).toBeUndefined();
});

test("without a rotation or an overlap one secret signs", () => {
  expect(overlapOf(undefined, at("12:00:00"))).toBeUndefined();
  expect(overlapOf(rotation({ overlap_seconds: 0 }), at("12:00:00"))).toBeUndefined();
  expect(overlapOf(rotation({}), at("12:00:00"))).toBeUndefined();
});
