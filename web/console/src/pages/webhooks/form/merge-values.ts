import { type EditedField, fieldLabels } from "./field-labels.ts";
import type { WebhookValues } from "./values.ts";

/** Whose text a field gets that both have changed. */
export type Preference = "mine" | "theirs";

const fields = Object.keys(fieldLabels) as EditedField[];

/** The settings in which two versions differ. */
export function differences(one: WebhookValues, other: WebhookValues): EditedField[] {
  return fields.filter((field) => JSON.stringify(one[field]) !== JSON.stringify(other[field]));
}

/** The settings that both changed since `base`, each to something else. */
export function conflicts(base: WebhookValues, mine: WebhookValues, theirs: WebhookValues): EditedField[] {
  const [byMe, byThem] = [new Set(differences(base, mine)), new Set(differences(base, theirs))];
  return differences(mine, theirs).filter((field) => byMe.has(field) && byThem.has(field));
}

/** What both changed since `base`, together: nothing that only one of them touched is lost. */
export function mergeValues(
  base: WebhookValues,
  mine: WebhookValues,
  theirs: WebhookValues,
  prefer: Preference,
): WebhookValues {
  const kept = new Set(differences(base, mine));
  if (prefer === "theirs") for (const field of conflicts(base, mine, theirs)) kept.delete(field);
  const entries = [...kept].map((field) => [field, mine[field]]);
  return { ...theirs, ...Object.fromEntries(entries) };
}
