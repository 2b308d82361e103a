import { isEventType } from "../../parts/event-type-name.ts";
import { oneOf, optionalId, optionalInstant, optionalSwitch, optionalText, search } from "../../search.ts";

export const deliveryStatuses = ["pending", "success", "retrying", "failed"] as const;

function optionalType(value: unknown): string | undefined {
  const text = optionalText(value);
  return text !== undefined && isEventType(text) ? text : undefined;
}

/** The filters of a history of deliveries. */
export const deliveriesSearch = (given: Record<string, unknown>) =>
  search({
    status: oneOf(given.status, deliveryStatuses),
    webhook_id: optionalId(given.webhook_id),
    event_type: optionalType(given.event_type),
    operational: optionalSwitch(given.operational),
    event_id: optionalId(given.event_id),
    since: optionalInstant(given.since),
    until: optionalInstant(given.until),
  });
