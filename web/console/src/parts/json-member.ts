const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/**
 * The text of a member of the outermost object, character for character; undefined if there is no such member. What
 * publishers sent is shown as text, because `JSON.parse` would round long numbers.
 */
export function jsonMember(json: string, name: string): string | undefined {
  const quoted = JSON.stringify(name);
  let depth = 0;
  let start: number | undefined;
  let isName = false;
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    if (token === "}" || token === "]") depth -= 1;
    const endsMember = (depth === 1 && token === ",") || depth === 0;
    if (start !== undefined && endsMember && index > start) return json.slice(start, index).trim();
    if (isName && token === ":") start = index + 1;
    isName = start === undefined && depth === 1 && token === quoted;
    if (token === "{" || token === "[") depth += 1;
  }
  return undefined;
}
