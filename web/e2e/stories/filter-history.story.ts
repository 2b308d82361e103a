import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { createWebhook, type Delivery, listDeliveries, type Posthorn, publishEvents } from "@posthorn/client";
import type { Receiver } from "../stack/receiver.ts";
import { apiUrl, expect, test } from "../stack/test.ts";

/** Some that succeed, some that fail, and then some more that fail: the moment between is what the address filters by. */
async function makeThree(posthorn: Posthorn, receiver: Receiver) {
  receiver.answers(({ body }) => ({ status: body.includes("parcel.refused") ? 400 : 200 }));
  const { id } = await createWebhook(posthorn, {
    name: "Shipping",
    url: receiver.url("/shipping"),
    event_types: ["*"],
    max_retries: 0,
  });
  const settled = async (status: "success" | "failed", count: number) => {
    const seen = async () => (await listDeliveries(posthorn, { webhook: id }, { status })).deliveries;
    await expect.poll(async () => (await seen()).length, { timeout: 30_000 }).toBe(count);
    return seen();
  };
  const some = (count: number, type: string) =>
    publishEvents(
      posthorn,
      Array.from({ length: count }, (_, n) => ({ type, data: { name: 'A "quoted", name', n } })),
    );
  await some(4, "parcel.sent");
  await some(3, "parcel.refused");
  await settled("success", 4);
  const [last] = await settled("failed", 3);
  const between = new Date(Date.parse(last?.created_at ?? "") + 1).toISOString();
  await some(2, "parcel.refused");
  await settled("failed", 5);
  return { id, between };
}

const rows = (page: Page) => page.getByRole("row").filter({ has: page.getByRole("link") });

/** The ids of the first column, which hold nothing that is quoted. */
async function exported(page: Page) {
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: /CSV/ }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toMatch(/^deliveries-.*\.csv$/);
  const [head, ...lines] = (await readFile(await file.path(), "utf8")).trimEnd().split("\r\n");
  return { columns: head?.split(",") ?? [], lines: lines.map((line) => line.split(",")) };
}

/** A delivery as a line of the file. */
const lineOf = (delivery: Delivery, columns: string[]) =>
  columns.map((column) => String(delivery[column as keyof Delivery] ?? ""));

test("the history is filtered by status and date; the address keeps that, and a file holds the same", async ({
  open,
  posthorn,
  receiver,
}) => {
  const { id, between } = await makeThree(posthorn, receiver);
  const page = await open(`/webhooks/${id}`);
  await expect(rows(page)).toHaveCount(9);

  await page.getByRole("combobox", { name: "Status" }).click();
  await page.getByRole("option", { name: "Failed" }).click();
  await expect(rows(page)).toHaveCount(5);
  await page.getByRole("button", { name: "Any time" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Last hour" }).click();
  await expect(page).toHaveURL(/status=failed/);
  await expect(page).toHaveURL(/since=/);
  await expect(rows(page)).toHaveCount(5);

  const address = page.url();
  await page.reload();
  await expect(rows(page)).toHaveCount(5);
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveValue("Failed");
  await expect(page.getByRole("button", { name: /^Since/ })).toBeVisible();
  expect(page.url()).toBe(address);

  // A link with a moment that lies between them shows what came after it.
  await page.goto(`${apiUrl()}/webhooks/${id}?status=failed&since=${encodeURIComponent(between)}`);
  await expect(rows(page)).toHaveCount(2);
  await expect(page.getByText("2 deliveries")).toBeVisible();
  const { columns, lines } = await exported(page);
  const { deliveries } = await listDeliveries(
    posthorn,
    { webhook: id },
    { status: "failed", since: between },
  );
  expect(deliveries).toHaveLength(2);
  const wanted = deliveries.map((delivery) => lineOf(delivery, columns));
  expect(lines.toSorted()).toEqual(wanted.toSorted());
});

test("the deliveries of all webhooks are narrowed down to those of one", async ({
  open,
  posthorn,
  receiver,
}) => {
  const { id } = await makeThree(posthorn, receiver);
  const { id: other } = await createWebhook(posthorn, {
    name: "Archive",
    url: receiver.url("/archive"),
    event_types: ["parcel.lost"],
  });
  const page = await open("/deliveries");
  await expect(rows(page)).toHaveCount(9);
  const webhook = page.getByRole("combobox", { name: "Webhook" });
  await webhook.click();
  await page.getByRole("option", { name: "Archive" }).click();
  await expect(page.getByText("No delivery passes these filters")).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`webhook_id=${other}`));
  await page.goto(`${apiUrl()}/deliveries?status=failed&webhook_id=${id}`);
  await expect(webhook).toHaveValue("Shipping");
  await expect(rows(page)).toHaveCount(5);
});

test("a day of the calendar is a date to filter by; filters that let nothing pass are cleared", async ({
  open,
  posthorn,
  receiver,
}) => {
  const { id } = await makeThree(posthorn, receiver);
  const page = await open(`/webhooks/${id}`);
  await expect(rows(page)).toHaveCount(9);
  await page.getByRole("button", { name: "Any time" }).click();
  const until = page.getByRole("dialog").getByLabel("Until").first();
  await until.click();
  await page.getByRole("button", { name: "Previous month" }).click();
  await page.getByRole("button", { name: /^15 / }).click();
  await page.getByRole("button", { name: "Take this time" }).click();
  await expect(page).toHaveURL(/until=\d{4}-\d\d-15T/);
  await expect(page.getByText("No delivery passes these filters")).toBeVisible();
  await expect(until, "the focus is back").toBeFocused();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(rows(page)).toHaveCount(9);
  await expect(page).not.toHaveURL(/until=/);
});
