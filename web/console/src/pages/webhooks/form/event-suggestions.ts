import { type EventType, eventTypeLabel, operationalTypes, patternMatches } from "@posthorn/client";

type Known = Pick<EventType, "name" | "label" | "category">;

/**
 * What the picker offers: all, the prefixes that several types share, the catalogue by category, what else was published
 * lately, then what Posthorn says of itself.
 *
 * `available` are names that the api suggests; those of the catalogue and operational ones may be among them.
 */
export function suggestions(catalogue: readonly Known[], available: readonly string[] = []) {
  const labels = new Map(catalogue.map(({ name, label }) => [name, label]));
  const seen = available.filter((name) => !labels.has(name) && !operationalTypes.includes(name));
  const known = [...catalogue.map(({ name }) => name), ...seen];
  const patterns = ["*", ...sharedPrefixes(known)];
  for (const pattern of patterns) {
    labels.set(
      pattern,
      pattern === "*"
        ? "All events that applications publish"
        : `${known.filter((name) => patternMatches(pattern, name)).length} types`,
    );
  }
  for (const name of seen) labels.set(name, eventTypeLabel(name));
  const categories = new Map<string, string[]>();
  for (const { name, category } of catalogue) {
    const group = category ?? "Other types";
    categories.set(group, [...(categories.get(group) ?? []), name]);
  }
  // A tenant may have entered one of them too; the picker takes each name once.
  const own = operationalTypes.filter((name) => !labels.has(name));
  for (const name of own) labels.set(name, eventTypeLabel(name));
  const groups = [
    { group: "Patterns", items: patterns },
    ...[...categories]
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([group, items]) => ({ group, items })),
    ...(seen.length > 0 ? [{ group: "Published lately", items: seen }] : []),
    ...(own.length > 0 ? [{ group: "Operational events", items: own }] : []),
  ];
  return { groups, labels, seen };
}

/** The types of the catalogue that one of these patterns stands for. */
export function matchedTypes(patterns: readonly string[], catalogue: readonly Known[]): string[] {
  return catalogue
    .map(({ name }) => name)
    .filter((name) => patterns.some((pattern) => patternMatches(pattern, name)));
}

/** Patterns such as `user.*` of which at least two names are part. */
function sharedPrefixes(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const parts = name.split(".");
    for (let end = 1; end < parts.length; end += 1) {
      const prefix = `${parts.slice(0, end).join(".")}.*`;
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([prefix]) => prefix)
    .sort();
}
