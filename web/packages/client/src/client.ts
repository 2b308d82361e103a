import createClient, { type Client, type Middleware } from "openapi-fetch";
import { problemOf, unreachable } from "./problem.ts";
import type { paths } from "./schema.ts";

/** Where the api is, and on whose behalf it is asked. */
export interface PosthornOptions {
  /** The api's origin, such as `https://posthorn.example.com`; empty is the page's own. */
  baseUrl?: string;
  /** The API key; asked for anew with each request where it is a function. */
  apiKey: string | (() => string | undefined);
  /** The tenant to act in; only an admin's key needs one. */
  tenant?: string;
  /** Makes the requests; `fetch` of the platform if absent. */
  fetch?: typeof globalThis.fetch;
}

/** A client of one Posthorn, in one tenant. */
export interface Posthorn {
  /** Typed requests by path. Every answer that is not a success is thrown as an {@link ApiProblem}. */
  readonly http: Client<paths>;
  /** The tenant it acts in; undefined is the key's own. */
  readonly tenant: string | undefined;
  /** The same without types, for what is streamed: an export. */
  raw(path: string, init?: RequestInit): Promise<Response>;
}

/** Makes a client. */
export function createPosthorn(options: PosthornOptions): Posthorn {
  const { baseUrl = "", tenant, apiKey } = options;
  const send = options.fetch ?? ((request: RequestInfo | URL, init?: RequestInit) => fetch(request, init));
  const authorize = (headers: Headers) => {
    const key = typeof apiKey === "function" ? apiKey() : apiKey;
    if (key) headers.set("authorization", `Bearer ${key}`);
    if (tenant) headers.set("posthorn-tenant", tenant);
  };
  const middleware: Middleware = {
    onRequest({ request }) {
      authorize(request.headers);
      return request;
    },
    async onResponse({ response }) {
      if (!response.ok) throw await problemOf(response);
    },
    onError({ error }) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      return unreachable(error);
    },
  };
  const http = createClient<paths>({ baseUrl, fetch: (request: Request) => send(request) });
  http.use(middleware);
  return {
    http,
    tenant,
    async raw(path, init) {
      const headers = new Headers(init?.headers);
      authorize(headers);
      let response: Response;
      try {
        response = await send(`${baseUrl}${path}`, { ...init, headers });
      } catch (error) {
        throw error instanceof DOMException && error.name === "AbortError" ? error : unreachable(error);
      }
      if (!response.ok) throw await problemOf(response);
      return response;
    },
  };
}

/** What a successful answer holds. */
export async function dataOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  // Whatever is not a success was thrown on the way.
  return (await answer).data as T;
}
