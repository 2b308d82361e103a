/** JSON with a line for each member; other text as it is. Numbers keep their digits, which `JSON.parse` would round. */
export function pretty(text: string): string {
  if (!isJson(text)) return text;
  let out = "";
  let depth = 0;
  // Strings, what opens and closes, separators, and everything else that is a value.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs)) {
    if (token === "}" || token === "]") {
      depth -= 1;
      out = /[{[]$/.test(out.trimEnd()) ? out.trimEnd() + token : `${out}${line(depth)}${token}`;
    } else if (token === "{" || token === "[") {
      depth += 1;
      out += token + line(depth);
    } else if (token === ",") out += token + line(depth);
    else if (token === ":") out += ": ";
    else out += token;
  }
  return out;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function line(depth: number): string {
  return `\n${"  ".repeat(depth)}`;
}
