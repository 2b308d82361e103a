import { expect, test } from "vitest";
import { exportDeliveries, listDeliveries } from "../src/index.ts";
import { key, serve } from "./server.ts";

test.each([
  [{}, "/api/v1/deliveries", null],
  [{ webhook: "w" }, "/api/v1/webhooks/w/deliveries", null],
  [{ event: "e" }, "/api/v1/events/e/deliveries", null],
  [{ webhook: "w", event: "e" }, "/api/v1/webhooks/w/deliveries", "e"],
])("the deliveries of %j are asked for where they are", async (scope, path, event) => {
  const { client, seen } = await serve(() => ({ deliveries: [] }));
  await listDeliveries(client(), scope, { status: "failed" });
  expect(seen[0]?.path).toBe(path);
  expect(seen[0]?.query.get("status")).toBe("failed");
  expect(seen[0]?.query.get("event_id")).toBe(event);
});

test("an export streams: its first rows are there before its last", async () => {
  let release: () => void = () => undefined;
  const { client, seen } = await serve((_request, response) => {
    response.writeHead(200, { "content-type": "text/csv" });
    response.write("id,status\n");
    return new Promise<void>((resolve) => {
      release = () => {
        response.end("1,success\n");
        resolve();
      };
    });
  });
  const file = await exportDeliveries(client({ tenant: "acme" }), { webhook: "w/1" }, "csv", {
    status: "success",
    since: undefined,
  });
  const reader = file.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe("id,status\n");
  release();
  expect((await reader?.read())?.value).toBe("1,success\n");
  expect(seen[0]?.path).toBe("/api/v1/webhooks/w%2F1/deliveries/export");
  expect(seen[0]?.query.toString()).toBe("format=csv&status=success");
  expect(seen[0]?.headers).toMatchObject({ authorization: `Bearer ${key}`, "posthorn-tenant": "acme" });
});
