import type { EventType } from "@posthorn/client";

/** The event types of one category; without one where nobody named any. */
export interface CategoryGroup {
  category: string | undefined;
  types: EventType[];
}

/** The catalogue by category: categories by name, what has none last, types as they came. */
export function byCategory(types: readonly EventType[]): CategoryGroup[] {
  const groups = new Map<string, EventType[]>();
  for (const type of types) {
    const category = type.category ?? "";
    const group = groups.get(category);
    if (group === undefined) groups.set(category, [type]);
    else group.push(type);
  }
  return [...groups]
    .sort(([a], [b]) => (a === "" ? 1 : b === "" ? -1 : a.localeCompare(b)))
    .map(([category, types]) => ({ category: category === "" ? undefined : category, types }));
}

/** The categories that occur, by name. */
export function categoriesOf(types: readonly Pick<EventType, "category">[]): string[] {
  const names = new Set(types.flatMap(({ category }) => (category ? [category] : [])));
  return [...names].sort((a, b) => a.localeCompare(b));
}
