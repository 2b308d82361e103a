import type { DeadLetter, DeadLetterChoice, DeadLetterFilters } from "@posthorn/client";
import type { DeadLettersSearch } from "./search.ts";

/** Which dead letters are meant: some of those that are shown, or all that pass the filters. */
export type Selection =
  | { kind: "some"; ids: ReadonlySet<string> }
  /** `until`: what is given up after this was chosen is not meant. */
  | { kind: "all"; count: number; until: string };

export const nothing: Selection = { kind: "some", ids: new Set() };

/** Most that can be chosen one by one: the api takes so many ids. */
export const IDS_MAX = 1_000;

export function countOf(selection: Selection): number {
  return selection.kind === "all" ? selection.count : selection.ids.size;
}

export function isSelected(selection: Selection, id: string): boolean {
  return selection.kind === "all" || selection.ids.has(id);
}

/** Adds or takes away these; out of "all" it becomes what is shown without them. */
export function withIds(
  selection: Selection,
  ids: readonly string[],
  selected: boolean,
  shown: readonly DeadLetter[],
): Selection {
  const all = selection.kind === "all" ? shown.map(({ id }) => id) : selection.ids;
  const chosen = new Set(all);
  for (const id of ids) {
    if (selected) chosen.add(id);
    else chosen.delete(id);
  }
  return { kind: "some", ids: new Set([...chosen].slice(0, IDS_MAX)) };
}

/** The ids from one row to another, as shift and a click choose them. */
export function between(shown: readonly DeadLetter[], one: string, other: string): string[] {
  const indexes = [one, other].map((id) => shown.findIndex((letter) => letter.id === id));
  const [first, last] = [Math.min(...indexes), Math.max(...indexes)];
  return first < 0 ? [other] : shown.slice(first, last + 1).map(({ id }) => id);
}

/** All that pass the filters at this moment, as the api tells it: by the newest that is shown. */
export function allOf(shown: readonly DeadLetter[], total: number): Selection {
  const newest = Math.max(...shown.map(({ created_at }) => Date.parse(created_at)));
  return { kind: "all", count: total, until: new Date(newest + 1).toISOString() };
}

/** As the api wants the filters: the address holds more. */
export function asQuery(search: DeadLettersSearch): DeadLetterFilters {
  const { kind, webhook_id, event_id, event_type, since, until } = search;
  return { kind, webhook_id, event_id, event_type, since, until };
}

/** What the api is asked to retry. */
export function choiceOf(selection: Selection, search: DeadLettersSearch): DeadLetterChoice {
  if (selection.kind === "some") return { ids: [...selection.ids] };
  const filters = asQuery(search);
  const until = [filters.until, selection.until].filter((moment) => moment !== undefined && moment !== null);
  // Both are RFC 3339, but not always of the same precision: compared as moments, not as text.
  const earliest = until.sort((one, other) => Date.parse(one) - Date.parse(other))[0];
  return { ...filters, until: earliest };
}
