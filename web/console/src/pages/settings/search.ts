import { optionalInstant, optionalText, pageNumber, search } from "../../search.ts";

export const auditSearch = (given: Record<string, unknown>) =>
  search({
    action: optionalText(given.action),
    target_id: optionalText(given.target_id),
    since: optionalInstant(given.since),
    until: optionalInstant(given.until),
    page: pageNumber(given.page),
  });
