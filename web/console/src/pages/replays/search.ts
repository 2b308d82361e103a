import { optionalId, search } from "../../search.ts";

/** The replays of one webhook, or all. */
export const replaysSearch = (given: Record<string, unknown>) =>
  search({ webhook_id: optionalId(given.webhook_id) });
