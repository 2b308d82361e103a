import { createEventType, createWebhook, getEventType, getWebhook, patchWebhook } from "@posthorn/client";
import { apiUrl, expect, test } from "../stack/test.ts";

const hook = { name: "Billing", url: "https://example.com/hooks", event_types: ["invoice.*"] };

test("two people who edit a webhook at the same time lose nothing", async ({ open, posthorn, watch }) => {
  watch.expected.push(/412/);
  const { id } = await createWebhook(posthorn, hook);
  const page = await open(`/webhooks/${id}/edit`);
  const url = page.getByRole("textbox", { name: "URL" });
  await url.fill("https://example.com/mine");
  await page.getByRole("textbox", { name: "Name" }).fill("Billing of mine");
  await patchWebhook(posthorn, id, { url: "https://example.com/theirs", description: "Theirs" });

  await page.getByRole("button", { name: "Save changes" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "Somebody changed this webhook meanwhile" });
  await expect(alert).toContainText("with another description and URL");
  await expect(alert).toContainText("Both of you changed the URL");
  await expect(url).toHaveValue("https://example.com/mine");
  expect((await getWebhook(posthorn, id)).name, "nothing is saved yet").toBe("Billing");

  await alert.getByRole("button", { name: "Keep mine" }).click();
  await expect(alert).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Save changes" })).toBeFocused();
  await expect(page.getByRole("textbox", { name: "Description" })).toHaveValue("Theirs");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("heading", { name: "Billing of mine" })).toBeVisible();
  expect(await getWebhook(posthorn, id)).toMatchObject({
    name: "Billing of mine",
    url: "https://example.com/mine",
    description: "Theirs",
  });
});

test("a filter and a template that are half written say what is missing, and are no error of the browser's", async ({
  open,
  posthorn,
}) => {
  const { id } = await createWebhook(posthorn, hook);
  await createEventType(posthorn, { name: "invoice.paid", example: { amount: 5 } });
  const page = await open(`/webhooks/${id}/edit`);
  const preview = page.getByRole("region", { name: "Preview" });
  await expect(preview.getByText("Would be delivered")).toBeVisible();
  const filter = page.getByRole("textbox", { name: "Filter" });
  await filter.fill("data.amount >");
  await expect(preview.getByText("Cannot be previewed")).toBeVisible();
  await expect(filter).toHaveAttribute("aria-invalid", "true");
  await filter.fill("data.amount > 9");
  await expect(preview.getByText("Would not be delivered")).toBeVisible();
  await expect(filter).not.toHaveAttribute("aria-invalid", "true");

  await page.getByRole("button", { name: /^Payload/ }).click();
  await page.getByRole("combobox", { name: "Format" }).click();
  await page.getByRole("option", { name: /template/i }).click();
  await page.getByRole("textbox", { name: "Template" }).fill('{"amount": {{ data. }}');
  await expect(preview.getByText("Cannot be previewed")).toBeVisible();
});

test("the example of an event type is kept and sent digit by digit", async ({ open, posthorn, receiver }) => {
  const example = '{ "id": 12345678901234567890, "price": 1.10 }';
  await posthorn.raw("/api/v1/event-types", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: `{"name":"order.paid","example":${example}}`,
  });
  const page = await open("/event-types/order.paid");
  await expect(page.getByRole("region", { name: "Example" })).toContainText("12345678901234567890");
  await page.getByRole("button", { name: "Edit" }).click();
  const form = page.getByRole("dialog");
  await expect(form.getByLabel("Example")).toHaveValue(example);
  await form.getByLabel("Description").fill("Somebody paid.");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toBeHidden();
  await expect(page.getByText("Somebody paid.")).toBeVisible();
  expect((await getEventType(posthorn, "order.paid")).description).toBe("Somebody paid.");
  const kept = await posthorn.raw("/api/v1/event-types/order.paid");
  expect(await kept.text()).toContain(`"example":${example}`);

  const { id } = await createWebhook(posthorn, {
    ...hook,
    url: receiver.url("/"),
    event_types: ["order.paid"],
  });
  await page.goto(`${apiUrl()}/webhooks/${id}`);
  await page.getByRole("button", { name: "Test", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("combobox", { name: "Event type" })).toHaveValue("order.paid");
  await expect(dialog.getByRole("textbox", { name: "Data" })).toHaveValue(/12345678901234567890/);
  await dialog.getByRole("button", { name: "Send the test" }).click();
  await expect(dialog.getByText("The receiver took it")).toBeVisible();
  expect(receiver.arrived[0]?.body).toContain('"id": 12345678901234567890');
  expect(receiver.arrived[0]?.body).toContain('"price": 1.10');
});
