import { oneOf, optionalInstant, optionalText, search } from "../../search.ts";

export const deliveryStatuses = ["pending", "success", "retrying", "failed"] as const;

/** The filters of a history of deliveries. */
export const deliveriesSearch = (given: Record<string, unknown>) =>
  search({
    status: oneOf(given.status, deliveryStatuses),
    event_type: optionalText(given.event_type),
    event_id: optionalText(given.event_id),
    since: optionalInstant(given.since),
    until: optionalInstant(given.until),
  });
