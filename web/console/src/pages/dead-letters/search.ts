import { oneOf, optionalInstant, optionalText, search } from "../../search.ts";

export const deadLetterKinds = ["delivery", "malformed"] as const;

/** The filters, and what is open beside the list: a letter, and the replay of a retry. */
export const deadLettersSearch = (given: Record<string, unknown>) =>
  search({
    kind: oneOf(given.kind, deadLetterKinds),
    webhook_id: optionalText(given.webhook_id),
    event_id: optionalText(given.event_id),
    event_type: optionalText(given.event_type),
    since: optionalInstant(given.since),
    until: optionalInstant(given.until),
    letter: optionalText(given.letter),
    replay: optionalText(given.replay),
  });

export type DeadLettersSearch = ReturnType<typeof deadLettersSearch>;
