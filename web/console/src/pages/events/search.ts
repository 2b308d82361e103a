import { optionalInstant, optionalSwitch, optionalText, search } from "../../search.ts";

export const eventsSearch = (given: Record<string, unknown>) =>
  search({
    type: optionalText(given.type),
    operational: optionalSwitch(given.operational),
    since: optionalInstant(given.since),
    until: optionalInstant(given.until),
  });

/** A test event may begin with a type of the catalogue, or as a copy of an event. */
export const sendEventSearch = (given: Record<string, unknown>) =>
  search({ type: optionalText(given.type), copy: optionalText(given.copy) });
