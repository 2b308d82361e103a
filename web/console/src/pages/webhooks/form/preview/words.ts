import { patternMatches, type WebhookPreviewResult } from "@posthorn/client";

/** What the api says of settings that are not written to the end: such a webhook could not be saved. */
export function unwritten(result: WebhookPreviewResult): { filter?: string; payload_template?: string } {
  const { filter_error, template_error, request } = result;
  if (request) return {};
  return {
    ...(filter_error && { filter: filter_error }),
    ...(template_error && { payload_template: template_error }),
  };
}

/** Whether an event would be delivered, and if not, why. */
export function verdict(
  result: Pick<WebhookPreviewResult, "matches" | "filter_error"> & {
    request: NonNullable<WebhookPreviewResult["request"]>;
  },
  { event_types }: { event_types: readonly string[] },
): { kind: "delivered" | "unwanted" | "broken"; reason?: string } {
  if (result.filter_error) {
    const hint = result.filter_error.includes("undefined")
      ? " Ask first whether it is there: data.x is defined and data.x > 1."
      : "";
    return { kind: "broken", reason: `That counts as no match: ${result.filter_error}.${hint}` };
  }
  if (event_types.length === 0) return { kind: "unwanted", reason: "No event type is chosen yet." };
  if (result.matches) return { kind: "delivered" };
  const type = result.request.headers["x-webhook-event"] ?? "";
  const isWanted = event_types.some((pattern) => patternMatches(pattern, type));
  return {
    kind: "unwanted",
    reason: isWanted ? "The filter does not let it pass." : `It does not ask for ${type || "this type"}.`,
  };
}
