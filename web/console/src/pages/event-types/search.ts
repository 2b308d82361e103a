import { optionalText, search } from "../../search.ts";

export const eventTypesSearch = (given: Record<string, unknown>) =>
  search({
    search: optionalText(given.search),
    category: optionalText(given.category),
  });
