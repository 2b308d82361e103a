import { expect, test } from "vitest";
import { ApiProblem, createPosthorn, exportDeliveries, getWebhook, listWebhooks } from "../src/index.ts";
import { refuse, serve } from "./server.ts";

async function problemOf(request: Promise<unknown>): Promise<ApiProblem> {
  const outcome = await request.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof ApiProblem)) throw new Error(`no problem, but ${String(outcome)}`);
  return outcome;
}

test("a problem tells its code, its fields and the request", async () => {
  const errors = [
    { field: "url", detail: "must begin with https://" },
    { field: "auth.token", detail: "must be given" },
    { field: "url", detail: "must not be longer than 2,048 characters" },
  ];
  const { client } = await serve((_request, response) =>
    refuse(
      response,
      { status: 422, code: "validation_failed", detail: "3 mistakes", errors },
      { "x-request-id": "r-1" },
    ),
  );
  const problem = await problemOf(listWebhooks(client()));
  expect(problem).toMatchObject({
    name: "ApiProblem",
    message: "3 mistakes",
    status: 422,
    code: "validation_failed",
    requestId: "r-1",
    retryAfter: undefined,
    isTemporary: false,
  });
  expect([...problem.fields]).toEqual([
    ["url", "must begin with https://; must not be longer than 2,048 characters"],
    ["auth.token", "must be given"],
  ]);
});

test.each([
  [404, "webhook_not_found", false],
  [401, "unauthorized", false],
  [429, "rate_limited", true],
  [503, "database_unavailable", true],
])("whether a problem with status %i passes by itself is known", async (status, code, isTemporary) => {
  const { client } = await serve((_request, response) => refuse(response, { status, code, detail: "…" }));
  expect(await problemOf(getWebhook(client(), "x"))).toMatchObject({ status, code, isTemporary });
});

test("how long to wait is told in seconds", async () => {
  const { client } = await serve((_request, response) =>
    refuse(response, { status: 429, code: "rate_limited", detail: "too many" }, { "retry-after": "3" }),
  );
  expect((await problemOf(listWebhooks(client()))).retryAfter).toBe(3);
});

test("an answer of somebody else is told by its status", async () => {
  const { client } = await serve((_request, response) => {
    response.writeHead(502, { "content-type": "text/html" });
    response.end("<h1>Bad gateway</h1>");
  });
  expect(await problemOf(listWebhooks(client()))).toMatchObject({
    status: 502,
    code: "unexpected_answer",
    message: "The answer was 502 Bad Gateway",
    isTemporary: true,
  });
});

test("no answer is a problem too", async () => {
  // Nobody listens on port 1.
  const posthorn = createPosthorn({ baseUrl: "http://127.0.0.1:1", apiKey: "k" });
  expect(await problemOf(listWebhooks(posthorn))).toMatchObject({
    status: 0,
    code: "unreachable",
    isTemporary: true,
  });
  expect((await problemOf(exportDeliveries(posthorn, {}, "csv"))).code).toBe("unreachable");
});

test("a connection that breaks off is no answer", async () => {
  const { client } = await serve((_request, response) => response.destroy());
  expect((await problemOf(listWebhooks(client()))).code).toBe("unreachable");
});

test("an export that is refused says why", async () => {
  const { client } = await serve((_request, response) =>
    refuse(response, { status: 403, code: "forbidden", detail: "not yours" }),
  );
  expect(await problemOf(exportDeliveries(client(), {}, "csv"))).toMatchObject({
    status: 403,
    message: "not yours",
  });
});
