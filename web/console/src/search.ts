/** Readers of what stands in a page's address: anybody can write anything there, so what makes no sense is left out. */

export function optionalText(value: unknown): string | undefined {
  // An address holds text that looks like a number as one.
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? text : undefined;
}

export function oneOf<T extends string>(value: unknown, choices: readonly T[]): T | undefined {
  return choices.find((choice) => choice === value);
}

/** An instant as RFC 3339 text. */
export function optionalInstant(value: unknown): string | undefined {
  const text = optionalText(value);
  return text !== undefined && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

/** A page's number, from 1. */
export function pageNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value > 1 ? value : undefined;
}

/** What a page's address may hold: each part of it can be absent. */
export function search<T extends object>(parts: T): Partial<T> {
  return parts;
}
