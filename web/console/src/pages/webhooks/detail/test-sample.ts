const OF_NO_TYPE = "webhook.test";

/** The event type that a test begins with: the first that the webhook names exactly, as the api chooses it too. */
export function typeToTest(patterns: readonly string[]): string {
  return patterns.find((pattern) => !pattern.includes("*")) ?? OF_NO_TYPE;
}

const attempt = {
  webhook_id: "019ca8d2-8e00-7c55-b2e4-8f4d5a6b7c8d",
  webhook_name: "Orders",
  delivery_id: "019cbf1e-3a00-8d21-9c0e-1f2a3b4c5d6e",
  event_id: "019cbf1e-3a00-7b10-8a2b-3c4d5e6f7a8b",
  event_type: "order.created",
  attempt_count: 5,
  status_code: 503 as number | null,
  error_message: "the endpoint answered 503 Service Unavailable" as string | null,
};
const failing_since = "2026-03-01T08:00:00Z";

const operational: Record<string, object> = {
  "delivery.exhausted": attempt,
  "webhook.disabled": { ...attempt, reason: "failing", failing_since },
  "webhook.failing": { ...attempt, failing_since },
  "webhook.recovered": { ...attempt, status_code: 200, error_message: null, failing_since },
};

/** Data for a test of this type, as JSON: the catalogue's example, or what Posthorn itself would publish. */
export function dataToTest(type: string, example: string | undefined): string {
  const known = Object.hasOwn(operational, type) ? operational[type] : undefined;
  return example ?? JSON.stringify(known ?? { test: true });
}
