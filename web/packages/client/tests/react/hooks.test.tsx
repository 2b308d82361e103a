// @vitest-environment happy-dom
// @vitest-environment-options { "settings": { "fetch": { "disableSameOriginPolicy": true } } }
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, test } from "vitest";
import { ApiProblem, type Posthorn, queryKeys, type Webhook } from "../../src/index.ts";
import {
  PosthornProvider,
  useCreateTenant,
  useDeleteWebhook,
  useDeliveries,
  useDeliveryPages,
  usePosthorn,
  useReplay,
  useToggleWebhook,
  useWebhook,
  useWebhooks,
} from "../../src/react/index.ts";
import { refuse, serve } from "../server.ts";

afterEach(cleanup);

function around(posthorn: Posthorn) {
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={cache}>
      <PosthornProvider client={posthorn}>{children}</PosthornProvider>
    </QueryClientProvider>
  );
  return { cache, wrapper };
}

const id = "01949e5c-0000-7000-8000-000000000001";
const other = "01949e5c-0000-7000-8000-000000000002";

test("hooks want a provider", () => {
  expect(() => renderHook(usePosthorn)).toThrow("usePosthorn wants a PosthornProvider above it");
});

test("an answer is kept under its key", async () => {
  const { client } = await serve(() => ({ webhooks: [], total: 0 }));
  const posthorn = client({ tenant: "acme" });
  const { cache, wrapper } = around(posthorn);
  const { result } = renderHook(() => useWebhooks({ search: "x" }), { wrapper });
  await waitFor(() => expect(result.current.isSuccess).toBe(true));
  expect(cache.getQueryData(queryKeys.webhooks.list(posthorn, { search: "x" }))).toEqual({
    webhooks: [],
    total: 0,
  });
});

test("a refusal is a problem with its code", async () => {
  const { client } = await serve((_request, response) =>
    refuse(response, { status: 404, code: "webhook_not_found", detail: "no such webhook" }),
  );
  const { result } = renderHook(() => useWebhook(id), { wrapper: around(client()).wrapper });
  await waitFor(() => expect(result.current.isError).toBe(true));
  expect(result.current.error).toBeInstanceOf(ApiProblem);
  expect(result.current.error).toMatchObject({ code: "webhook_not_found" });
});

test("long lists are read on by cursor", async () => {
  const { client, seen } = await serve(({ query }) =>
    query.get("cursor") === "second"
      ? { deliveries: [{ id: "2" }], has_more: false, next_cursor: null }
      : { deliveries: [{ id: "1" }], has_more: true, next_cursor: "second" },
  );
  const { wrapper } = around(client());
  const { result } = renderHook(() => useDeliveryPages({}, { status: "failed" }), { wrapper });
  await waitFor(() => expect(result.current.hasNextPage).toBe(true));
  await act(() => result.current.fetchNextPage());
  await waitFor(() => expect(result.current.hasNextPage).toBe(false));
  expect(result.current.data?.pages.flatMap(({ deliveries }) => deliveries.map((d) => d.id))).toEqual([
    "1",
    "2",
  ]);
  expect(seen.map(({ query }) => query.toString())).toEqual(["status=failed", "status=failed&cursor=second"]);
});

test("a change makes what it concerns be asked for again", async () => {
  const { client, seen } = await serve(({ method }) => (method === "GET" ? { tenants: [], total: 0 } : {}));
  const posthorn = client();
  const { cache, wrapper } = around(posthorn);
  const key = queryKeys.administration.tenants(posthorn);
  cache.setQueryData(key, { tenants: [], total: 0 });
  const { result } = renderHook(() => useCreateTenant(), { wrapper });
  await act(() => result.current.mutateAsync("acme"));
  expect(seen[0]).toMatchObject({ method: "POST", body: { id: "acme" } });
  expect(cache.getQueryState(key)?.isInvalidated).toBe(true);
});

test("what was deleted is not asked for again", async () => {
  const { client, seen } = await serve(({ method }) =>
    method === "DELETE" ? null : { id, webhooks: [], deliveries: [], total: 0 },
  );
  const { wrapper } = around(client());
  const shown = () => ({
    detail: useWebhook(id),
    list: useWebhooks(),
    history: useDeliveries({ webhook: id }, { status: "failed" }),
    remove: useDeleteWebhook(),
  });
  const { result } = renderHook(shown, { wrapper });
  await waitFor(() => expect(seen).toHaveLength(3));
  await waitFor(() => expect(result.current.history.isSuccess).toBe(true));
  await act(() => result.current.remove.mutateAsync(id));
  expect(seen.slice(3).map(({ method, path }) => `${method} ${path}`)).toEqual([
    `DELETE /api/v1/webhooks/${id}`,
    "GET /api/v1/webhooks",
  ]);
});

const webhooks = [
  { id, enabled: true },
  { id: other, enabled: true },
] as Webhook[];

function enabledIn(cache: QueryClient, posthorn: Posthorn) {
  const list = cache.getQueryData<{ webhooks: Webhook[] }>(queryKeys.webhooks.list(posthorn));
  const detail = cache.getQueryData<Webhook>(queryKeys.webhooks.detail(posthorn, id));
  return [...(list?.webhooks ?? []), detail].map((webhook) => webhook?.enabled);
}

test("a toggled webhook is shown as it will be before the answer comes", async () => {
  let answer: (value: unknown) => void = () => undefined;
  const { client, seen } = await serve(() => new Promise((resolve) => (answer = resolve)));
  const posthorn = client();
  const { cache, wrapper } = around(posthorn);
  cache.setQueryData(queryKeys.webhooks.list(posthorn), { webhooks });
  cache.setQueryData(queryKeys.webhooks.detail(posthorn, id), webhooks[0]);
  const { result } = renderHook(() => useToggleWebhook(), { wrapper });
  act(() => result.current.mutate({ id, enabled: false }));
  await waitFor(() => expect(enabledIn(cache, posthorn)).toEqual([false, true, false]));
  await waitFor(() => expect(seen[0]?.path).toBe(`/api/v1/webhooks/${id}/disable`));
  answer({ id, enabled: false });
  await waitFor(() => expect(result.current.isSuccess).toBe(true));
});

test("a toggle that fails is taken back", async () => {
  const { client } = await serve((_request, response) =>
    refuse(response, { status: 503, code: "database_unavailable", detail: "later" }),
  );
  const posthorn = client();
  const { cache, wrapper } = around(posthorn);
  cache.setQueryData(queryKeys.webhooks.list(posthorn), { webhooks });
  cache.setQueryData(queryKeys.webhooks.detail(posthorn, id), webhooks[0]);
  const { result } = renderHook(() => useToggleWebhook(), { wrapper });
  act(() => result.current.mutate({ id, enabled: false }));
  await waitFor(() => expect(result.current.isError).toBe(true));
  expect(enabledIn(cache, posthorn)).toEqual([true, true, true]);
});

test("a replay is watched until it has ended", { timeout: 10_000 }, async () => {
  const answers = ["queued", "running", "done"];
  const { client, seen } = await serve(() => ({ id, status: answers.shift() ?? "done" }));
  const { result } = renderHook(() => useReplay(id), { wrapper: around(client()).wrapper });
  await waitFor(() => expect(result.current.data?.status).toBe("done"), { timeout: 5_000 });
  expect(seen).toHaveLength(3);
});
