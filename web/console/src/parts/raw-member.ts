/**
 * The text of one member of a JSON object, as it stands there. Reading and writing JSON anew would change what was sent,
 * byte by byte: spaces, the order of keys, numbers that JavaScript cannot hold; and a signature would no longer fit.
 */
export function rawMember(json: string, name: string): string | undefined {
  let at = skipSpace(json, skipSpace(json, 0) + 1);
  while (json[at] === '"') {
    const keyEnd = endOfString(json, at);
    const start = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const end = endOfValue(json, start);
    if (JSON.parse(json.slice(at, keyEnd)) === name) return json.slice(start, end);
    at = skipSpace(json, skipSpace(json, end) + 1);
  }
  return undefined;
}

/** The texts of a JSON array's elements, each as it stands there. */
export function rawElements(json: string): string[] {
  const elements: string[] = [];
  let at = skipSpace(json, skipSpace(json, 0) + 1);
  while (at < json.length && json[at] !== "]") {
    const end = endOfValue(json, at);
    elements.push(json.slice(at, end));
    at = skipSpace(json, end);
    if (json[at] === ",") at = skipSpace(json, at + 1);
  }
  return elements;
}

function skipSpace(json: string, at: number): number {
  let end = at;
  while (/\s/.test(json.charAt(end))) end += 1;
  return end;
}

/** Behind the string that begins at `at`. */
function endOfString(json: string, at: number): number {
  let end = at + 1;
  while (end < json.length && json[end] !== '"') end += json[end] === "\\" ? 2 : 1;
  return end + 1;
}

/** Behind the value that begins at `at`. */
function endOfValue(json: string, at: number): number {
  let depth = 0;
  let end = at;
  while (end < json.length) {
    const sign = json.charAt(end);
    if (sign === '"') {
      end = endOfString(json, end);
      if (depth === 0) return end;
      continue;
    }
    if (sign === "{" || sign === "[") depth += 1;
    else if (sign === "}" || sign === "]") {
      if (depth === 0) return end;
      depth -= 1;
      if (depth === 0) return end + 1;
    } else if (depth === 0 && (sign === "," || /\s/.test(sign))) return end;
    end += 1;
  }
  return end;
}
