import { createWebhook, publishEvents } from "@posthorn/client";
import { stays } from "../stack/page.ts";
import { promised } from "../stack/promised.ts";
import type { Answer } from "../stack/receiver.ts";
import { expect, test } from "../stack/test.ts";

test("why a delivery failed is found, the URL is repaired, and a retry is seen to succeed", async ({
  open,
  posthorn,
  receiver,
}) => {
  const repaired = promised<Answer>();
  receiver.answers(({ path }) =>
    path === "/v2/hooks" ? repaired.promise : { status: 404, body: "no such path" },
  );
  await createWebhook(posthorn, {
    name: "Warehouse",
    url: receiver.url("/v1/hooks"),
    event_types: ["order.*"],
    max_retries: 0,
  });
  const page = await open("/");
  const isStillTheSame = await stays(page);
  await publishEvents(posthorn, { type: "order.placed", data: { order: 7 } });

  // The overview tells by itself that something went wrong.
  const failures = page.getByRole("table", { name: /deliveries/i });
  await failures.getByRole("link", { name: "order.placed" }).click();
  await expect(page.getByRole("heading", { name: "order.placed" })).toBeVisible();
  const advice = page.getByRole("alert").filter({ hasText: "There is nothing at this URL (404)" });
  await expect(advice).toContainText("The host answers, but does not know the path.");
  await expect(advice).toContainText("write the new URL into the webhook's settings");
  await expect(advice).toContainText("Posthorn does not try again by itself");
  await expect(page.getByText("no such path")).toBeVisible();

  await advice.getByRole("link", { name: "Change the settings" }).click();
  await page.getByRole("textbox", { name: "URL" }).fill(receiver.url("/v2/hooks"));
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("heading", { name: "Warehouse" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("/v2/hooks");

  await page
    .getByRole("table", { name: /deliveries/i })
    .getByRole("link", { name: "order.placed" })
    .click();
  await page.getByRole("button", { name: "Retry now" }).click();
  await expect.poll(() => receiver.arrived.length).toBe(2);
  const status = page.getByRole("main").getByRole("status").first();
  await expect(status).toHaveText("Retrying");
  repaired.resolve({ status: 200, body: "taken" });
  await expect(status).toHaveText("Success");
  await expect(advice).toHaveCount(0);
  expect(receiver.arrived.map(({ path }) => path)).toEqual(["/v1/hooks", "/v2/hooks"]);
  const [first, second] = receiver.arrived;
  expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
  await isStillTheSame();
});

test("a webhook whose receiver is down is so on its own page too", async ({ open, posthorn, receiver }) => {
  receiver.answers(() => ({ status: 500 }));
  const { id } = await createWebhook(posthorn, {
    name: "Warehouse",
    url: receiver.url("/hooks"),
    event_types: ["order.*"],
    max_retries: 0,
  });
  const page = await open(`/webhooks/${id}`);
  const held = page.getByRole("region", { name: "What holds deliveries back" });
  await expect(held).toContainText("Nothing holds deliveries back.");
  const events = Array.from({ length: 40 }, (_, order) => ({ type: "order.placed", data: { order } }));
  await publishEvents(posthorn, events);
  await expect(page.getByRole("note", { name: /^(Down|Failing)\. / })).toBeVisible();
  await expect(held).not.toContainText("Nothing holds deliveries back.");
});
