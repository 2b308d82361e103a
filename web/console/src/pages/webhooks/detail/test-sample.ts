const OF_NO_TYPE = "webhook.test";

/** The event type that a test begins with: the first that the webhook names exactly, as the api chooses it too. */
export function typeToTest(patterns: readonly string[]): string {
  return patterns.find((pattern) => !pattern.includes("*")) ?? OF_NO_TYPE;
}
