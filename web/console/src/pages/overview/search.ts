import { oneOf, search } from "../../search.ts";

export const overviewRanges = ["1h", "24h", "7d", "30d"] as const;
export type OverviewRange = (typeof overviewRanges)[number];

export const overviewSearch = (given: Record<string, unknown>) =>
  search({
    range: oneOf(given.range, overviewRanges),
  });
