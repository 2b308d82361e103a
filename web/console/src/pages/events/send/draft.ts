import type { EventInput } from "@posthorn/client";
import { isEventType } from "../../../parts/event-type-name.ts";
import { pretty } from "../../../parts/pretty.ts";
import type { CatalogueType } from "../../event-types/catalogue.ts";

type Examples = readonly Pick<CatalogueType, "name" | "example">[] | undefined;

/** What is written in the form. */
export interface Draft {
  type: string;
  /** JSON, as text: what is sent is what was written, digit for digit. */
  data: string;
  idempotencyKey: string;
  /** When it happened; undefined is now. */
  timestamp: string | undefined;
}

export const emptyDraft: Draft = { type: "", data: "{}", idempotencyKey: "", timestamp: undefined };

/** An example of an event type as text to begin with; what the catalogue says nothing of begins empty. */
export function exampleOf(type: string, catalogue: Examples): string | undefined {
  const example = catalogue?.find(({ name }) => name === type)?.example;
  return example === undefined ? undefined : pretty(example);
}

/** Whether nobody has written the data: it is empty, or an example, which gives way to that of another type. */
export function isUntouched(data: string, catalogue: Examples): boolean {
  const text = data.trim();
  if (text === "" || text === emptyDraft.data) return true;
  return catalogue?.some(({ name }) => exampleOf(name, catalogue) === text) ?? false;
}

/** How many bytes the data has. */
export function bytesOf(data: string): number {
  return new TextEncoder().encode(data).length;
}

/** What is wrong with a draft, by field; nothing if it can be sent. */
export function mistakesIn(draft: Draft, bytesMax: number): Map<keyof Draft, string> {
  const mistakes = new Map<keyof Draft, string>();
  if (draft.type === "") mistakes.set("type", "Say what happened");
  else if (!isEventType(draft.type)) {
    mistakes.set("type", "Letters, digits, - and _, in parts with dots between");
  }
  const problem = jsonProblem(draft.data);
  if (problem !== undefined) mistakes.set("data", problem);
  else if (bytesOf(draft.data) > bytesMax) {
    mistakes.set("data", `At most ${bytesMax.toLocaleString("en")} bytes`);
  }
  if (!/^[\x21-\x7e]{0,128}$/.test(draft.idempotencyKey)) {
    mistakes.set("idempotencyKey", "At most 128 visible ASCII characters, no spaces");
  }
  return mistakes;
}

function jsonProblem(text: string): string | undefined {
  if (text.trim() === "") return "Any JSON, such as {} or null";
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? `Not JSON: ${error.message}` : "Not JSON";
  }
}

/** The request's body. The data goes in as it was written: through values, long numbers would be rounded. */
export function bodyOf(draft: Draft): string {
  const { type, data, idempotencyKey, timestamp } = draft;
  const rest: Omit<EventInput, "data"> = {
    type,
    timestamp,
    idempotency_key: idempotencyKey === "" ? undefined : idempotencyKey,
  };
  return `${JSON.stringify(rest).slice(0, -1)},"data":${data}}`;
}
