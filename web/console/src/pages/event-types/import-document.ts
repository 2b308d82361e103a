/** A document that can be imported, and the names of what is in it. */
export interface ImportDocument {
  kind: "list" | "openapi";
  names: string[];
  /** What is sent: a bare list becomes the object that the api takes. */
  body: unknown;
}

type Members = Record<string, unknown>;

/** Reads what somebody pasted or chose: a list of event types, or an OpenAPI document with webhooks; else says why not. */
export function readImport(text: string): ImportDocument | { mistake: string } {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return { mistake: mistakeIn(text, error) };
  }
  const list = Array.isArray(document) ? document : membersOf(document)?.event_types;
  if (Array.isArray(list)) {
    if (list.length === 0) return { mistake: "The list is empty." };
    const nameless = list.findIndex((entry) => typeof membersOf(entry)?.name !== "string");
    if (nameless >= 0) return { mistake: `Entry ${nameless + 1} of the list has no name.` };
    const names = list.map((entry) => String(membersOf(entry)?.name));
    return { kind: "list", names, body: Array.isArray(document) ? { event_types: list } : document };
  }
  const members = membersOf(document);
  if (members?.openapi !== undefined) {
    const names = Object.keys(membersOf(members.webhooks) ?? {});
    return names.length === 0
      ? { mistake: "This OpenAPI document has no “webhooks”: each of those becomes an event type." }
      : { kind: "openapi", names, body: document };
  }
  return { mistake: "This is neither a list of event types nor an OpenAPI document." };
}

function mistakeIn(text: string, error: unknown): string {
  if (text.trim() === "") return "There is nothing in it.";
  if (/^\s*(---|openapi:|- name:|event_types:)/.test(text)) {
    return "This looks like YAML. Convert it to JSON first.";
  }
  return `This is not JSON: ${error instanceof Error ? error.message : String(error)}`;
}

function membersOf(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Members)
    : undefined;
}
