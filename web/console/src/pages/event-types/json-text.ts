/** The value of a field in which JSON is written; empty text is no value. */
export function readJson(text: string): { value: unknown } | { mistake: string } {
  if (text.trim() === "") return { value: null };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { mistake: `Not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** A value as it is written into such a field. */
export function writeJson(value: unknown): string {
  return value === null || value === undefined ? "" : JSON.stringify(value, null, 2);
}
