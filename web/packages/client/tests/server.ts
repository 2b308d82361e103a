import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { createPosthorn, type PosthornOptions } from "../src/index.ts";

/** A request as it came. */
export interface Seen {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: unknown;
}

/** What is answered: a value as JSON with 200, or the answer itself. */
export type Answer = (request: Seen, response: ServerResponse) => unknown;

export const key = "a-key-for-tests-0123456789abcdef";

/** A real HTTP server for one test, which notes what it is asked, and clients of it. */
export async function serve(answer: Answer = () => ({})) {
  const seen: Seen[] = [];
  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? "/", "http://server");
    const chunks: Uint8Array[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const request: Seen = {
      method: incoming.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
    seen.push(request);
    const value = await answer(request, response);
    if (response.writableEnded || response.destroyed) return;
    response.setHeader("content-type", response.getHeader("content-type") ?? "application/json");
    response.end(JSON.stringify(value));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const baseUrl = `http://127.0.0.1:${address.port}`;
  const client = (options: Partial<PosthornOptions> = {}) =>
    createPosthorn({ baseUrl, apiKey: key, ...options });
  return { baseUrl, seen, client };
}

/** Answers with a problem as the api does. */
export function refuse(
  response: ServerResponse,
  problem: { status: number; code: string; detail: string; errors?: { field: string; detail: string }[] },
  headers: Record<string, string> = {},
) {
  response.writeHead(problem.status, { "content-type": "application/problem+json", ...headers });
  response.end(JSON.stringify({ type: "about:blank", title: "A problem", ...problem }));
}
