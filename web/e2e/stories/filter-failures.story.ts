import { createWebhook, publishEvents } from "@posthorn/client";
import { expect, test } from "../stack/test.ts";

test("a filter that fails is told in the list and on the webhook's page, with the count and the reason", async ({
  open,
  posthorn,
  receiver,
}) => {
  const { id } = await createWebhook(posthorn, {
    name: "Warehouse",
    url: receiver.url("/hooks"),
    event_types: ["order.*"],
    filter: "data.absent > 1",
  });
  const events = Array.from({ length: 1_000 }, (_, order) => ({ type: "order.placed", data: { order } }));
  await publishEvents(posthorn, events);
  const page = await open("/webhooks");
  const words = "filter failed on 1,000 events within 24 hours";
  await expect(page.getByRole("row", { name: "Warehouse" })).toContainText(words, { timeout: 30_000 });

  await page.getByRole("link", { name: "Warehouse" }).click();
  await expect(page).toHaveURL(new RegExp(id));
  const alert = page.getByRole("alert").filter({ hasText: words });
  await expect(alert).toContainText("no attribute 'absent'");
  await alert.getByRole("link", { name: "on this event" }).click();
  await expect(page.getByRole("heading", { name: "order.placed" })).toBeVisible();
  expect(receiver.arrived).toHaveLength(0);
});

test("without a catalogue, the types that were published lately are offered", async ({ open, posthorn }) => {
  await publishEvents(posthorn, [{ type: "parcel.sent", data: {} }]);
  const page = await open("/webhooks/new");
  // They are offered once a deliverer has recorded the event, and the page asks when it is opened.
  await expect(async () => {
    await page.reload();
    await page.getByRole("combobox", { name: "Event types" }).click();
    await expect(page.getByRole("option", { name: /parcel\.sent/ })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(page.getByText("choose from what was published lately")).toBeVisible();
});
