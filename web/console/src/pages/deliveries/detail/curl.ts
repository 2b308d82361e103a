/** What the record has instead of a credential. */
export const REDACTED = "[redacted]";

/** Headers that curl writes itself, from the URL and the body. */
const ofTheConnection = new Set(["host", "content-length", "transfer-encoding", "connection"]);

/**
 * The request as a command for a shell: with its signature, so that a receiver takes it, and without credentials, which
 * nobody who reads it may see. In their place stand variables for the reader to set.
 */
export function asCurl(request: {
  url: string;
  headers: Record<string, string>;
  body: string | null;
}): string {
  const lines = [`curl -i -X POST ${quoted(request.url)}`];
  for (const [name, value] of Object.entries(request.headers)) {
    if (ofTheConnection.has(name)) continue;
    lines.push(`-H ${value === REDACTED ? `"${name}: $${variable(name)}"` : quoted(`${name}: ${value}`)}`);
  }
  if (request.body !== null) lines.push(`--data-raw ${quoted(request.body)}`);
  return lines.join(" \\\n  ");
}

/** The variables that a command of {@link asCurl} wants set. */
export function curlVariables(headers: Record<string, string>): string[] {
  return Object.entries(headers)
    .filter(([, value]) => value === REDACTED)
    .map(([name]) => variable(name));
}

function variable(header: string): string {
  return header.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
}

/** As one word of a POSIX shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
