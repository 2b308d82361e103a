import { oneOf, optionalInstant, optionalText, search } from "../../search.ts";

export const deadLettersSearch = (given: Record<string, unknown>) =>
  search({
    kind: oneOf(given.kind, ["delivery", "malformed"]),
    webhook_id: optionalText(given.webhook_id),
    event_type: optionalText(given.event_type),
    since: optionalInstant(given.since),
    until: optionalInstant(given.until),
  });
