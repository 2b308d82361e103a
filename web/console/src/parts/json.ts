/**
 * JSON as text. What publishers sent is shown digit for digit: reading it into values would round long numbers and
 * reorder members whose names look like numbers.
 */

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const INDENT = "  ";

export type JsonTokenKind = "name" | "text" | "number" | "word" | "mark";

/** A piece of pretty JSON: what stands before it (line break, indent, space), and itself. */
export interface JsonToken {
  kind: JsonTokenKind;
  before: string;
  text: string;
}

/** Pretty JSON, one member a line, in pieces that can be coloured. */
export function prettyTokens(json: string): JsonToken[] {
  const tokens = json.match(TOKEN) ?? [];
  const pretty: JsonToken[] = [];
  let depth = 0;
  for (const [index, text] of tokens.entries()) {
    const previous = tokens[index - 1];
    if (text === "}" || text === "]") depth -= 1;
    pretty.push({ kind: kindOf(text, tokens[index + 1]), before: gap(previous, text, depth), text });
    if (text === "{" || text === "[") depth += 1;
  }
  return pretty;
}

/** Pretty JSON, one member a line. */
export function prettyJson(json: string): string {
  return prettyTokens(json)
    .map(({ before, text }) => before + text)
    .join("");
}

function gap(previous: string | undefined, text: string, depth: number): string {
  if (previous === undefined || text === ":" || text === ",") return "";
  if (previous === ":") return " ";
  const isEmpty = (previous === "{" && text === "}") || (previous === "[" && text === "]");
  return isEmpty ? "" : `\n${INDENT.repeat(Math.max(depth, 0))}`;
}

function kindOf(text: string, next: string | undefined): JsonTokenKind {
  if (text.startsWith('"')) return next === ":" ? "name" : "text";
  if (/^[{}[\],:]$/.test(text)) return "mark";
  return /^[-\d]/.test(text) ? "number" : "word";
}

/** The text of a member of the outermost object, as it stands there; undefined if there is no such member. */
export function jsonMember(json: string, name: string): string | undefined {
  const quoted = JSON.stringify(name);
  let depth = 0;
  let start: number | undefined;
  let isName = false;
  for (const { 0: text, index } of json.matchAll(TOKEN)) {
    if (text === "}" || text === "]") depth -= 1;
    const endsMember = (depth === 1 && text === ",") || depth === 0;
    if (start !== undefined && endsMember && index > start) return json.slice(start, index).trim();
    if (isName && text === ":") start = index + 1;
    isName = start === undefined && depth === 1 && text === quoted;
    if (text === "{" || text === "[") depth += 1;
  }
  return undefined;
}
