/** Readers of what stands in a page's address: anybody can write anything there, so what makes no sense is left out. */

export function optionalText(value: unknown): string | undefined {
  // An address holds text that looks like a number as one.
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? text : undefined;
}

export function oneOf<T extends string>(value: unknown, choices: readonly T[]): T | undefined {
  return choices.find((choice) => choice === value);
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** An instant as RFC 3339 text; other texts that a `Date` could read would be refused by the api. */
export function optionalInstant(value: unknown): string | undefined {
  const text = optionalText(value);
  return text !== undefined && RFC_3339.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of a thing. */
export function optionalId(value: unknown): string | undefined {
  const text = optionalText(value);
  return text !== undefined && ID.test(text) ? text : undefined;
}

/** A switch that is on or off; undefined where nobody has moved it. */
export function optionalSwitch(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** A page's number, from 1. */
export function pageNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value > 1 ? value : undefined;
}

/** What a page's address may hold: each part of it can be absent. */
export function search<T extends object>(parts: T): Partial<T> {
  return parts;
}
