import { oneOf, optionalText, pageNumber, search } from "../../search.ts";
import { deliveriesSearch } from "../deliveries/search.ts";
import { overviewRanges } from "../overview/search.ts";

export const webhooksSearch = (given: Record<string, unknown>) =>
  search({
    search: optionalText(given.search),
    state: oneOf(given.state, ["enabled", "disabled"]),
    event_type: optionalText(given.event_type),
    page: pageNumber(given.page),
  });

/** A new webhook may begin as a copy of another. */
export const webhookFormSearch = (given: Record<string, unknown>) =>
  search({ copy: optionalText(given.copy) });

export const webhookTabs = ["deliveries", "statistics", "replays", "secret", "settings"] as const;
export type WebhookTab = (typeof webhookTabs)[number];

/** The detail page: the tab, the range of its statistics, and the filters of its history. */
export const webhookSearch = (given: Record<string, unknown>) =>
  search({
    tab: oneOf(given.tab, webhookTabs),
    range: oneOf(given.range, overviewRanges),
    ...deliveriesSearch({ ...given, webhook_id: undefined }),
  });
