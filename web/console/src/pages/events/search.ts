import { optionalInstant, optionalText, search } from "../../search.ts";

export const eventsSearch = (given: Record<string, unknown>) =>
  search({
    type: optionalText(given.type),
    since: optionalInstant(given.since),
    until: optionalInstant(given.until),
  });
