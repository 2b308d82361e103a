import { isEventType } from "../../parts/event-type-name.ts";
import { oneOf, optionalInstant, optionalText, search } from "../../search.ts";

export const deliveryStatuses = ["pending", "success", "retrying", "failed"] as const;

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const isId = (text: string) => ID.test(text);

function only(value: unknown, isFit: (text: string) => boolean): string | undefined {
  const text = optionalText(value);
  return text !== undefined && isFit(text) ? text : undefined;
}

/** The filters of a history of deliveries. */
export const deliveriesSearch = (given: Record<string, unknown>) =>
  search({
    status: oneOf(given.status, deliveryStatuses),
    event_type: only(given.event_type, isEventType),
    event_id: only(given.event_id, isId),
    since: optionalInstant(given.since),
    until: optionalInstant(given.until),
  });
