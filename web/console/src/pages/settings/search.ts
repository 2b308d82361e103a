import { oneOf, optionalInstant, optionalText, pageNumber, search } from "../../search.ts";

/** An admin sees what is of the shown tenant, or of all. */
const scopeOf = (given: unknown) => oneOf(given, ["all"]);

export const auditSearch = (given: Record<string, unknown>) =>
  search({
    action: optionalText(given.action),
    target_id: optionalText(given.target_id),
    since: optionalInstant(given.since),
    until: optionalInstant(given.until),
    scope: scopeOf(given.scope),
    page: pageNumber(given.page),
  });

export const apiKeysSearch = (given: Record<string, unknown>) =>
  search({ scope: scopeOf(given.scope), page: pageNumber(given.page) });

export const tenantsSearch = (given: Record<string, unknown>) => search({ page: pageNumber(given.page) });
