import { listDeliveries } from "@posthorn/client";
import { verifies } from "../stack/signature.ts";
import { expect, test } from "../stack/test.ts";

test("a webhook is created from nothing, and a test event arrives", async ({ open, posthorn, receiver }) => {
  const page = await open("/webhooks");
  await page.getByRole("link", { name: "New webhook" }).first().click();
  await expect(page.getByRole("heading", { name: "New webhook" })).toBeVisible();

  await page.getByRole("textbox", { name: "URL" }).fill(receiver.url("/hooks"));
  await page.getByRole("textbox", { name: "Name" }).fill("Bookkeeping");
  const types = page.getByRole("combobox", { name: "Event types" });
  await types.fill("invoice.paid");
  await types.press("Enter");
  await page.getByRole("button", { name: "Create webhook" }).click();

  await expect(page.getByRole("heading", { name: "Bookkeeping is created" })).toBeVisible();
  const secret = (await page.getByText(/^whsec_/).textContent()) ?? "";
  expect(Buffer.from(secret.replace("whsec_", ""), "base64")).toHaveLength(32);

  // It is shown once: the page of the webhook keeps it to itself.
  await page.getByRole("link", { name: "Test it" }).click();
  await expect(page.getByRole("heading", { name: "Bookkeeping" })).toBeVisible();
  await page.getByRole("tab", { name: "Secret" }).click();
  await expect(page.getByRole("region", { name: "Signing secret" })).toContainText("•••");
  await expect(page.getByText(secret)).toHaveCount(0);

  await page.getByRole("link", { name: "Events", exact: true }).click();
  await page.getByRole("link", { name: "Send a test event" }).first().click();
  // The page before has a field of that name too.
  await expect(page.getByRole("heading", { name: "Send a test event" })).toBeVisible();
  await page.getByLabel("Event type", { exact: false }).first().fill("invoice.paid");
  await page.getByLabel("Data", { exact: false }).first().fill('{"invoice":"in_42"}');
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const sent = page.getByRole("region", { name: "The event that was sent" });
  await expect(sent.getByText("Success")).toBeVisible();

  expect(receiver.arrived).toHaveLength(1);
  const [request] = receiver.arrived;
  expect(request?.path).toBe("/hooks");
  expect(JSON.parse(request?.body ?? "")).toMatchObject({ type: "invoice.paid", data: { invoice: "in_42" } });
  expect(request !== undefined && verifies(request, secret), "the signature by the secret shown").toBe(true);

  await sent.getByRole("link", { name: "Bookkeeping" }).click();
  await expect(page.getByRole("heading", { name: "invoice.paid" })).toBeVisible();
  await expect(page.getByRole("main").getByText("Success").first()).toBeVisible();
  const { deliveries } = await listDeliveries(posthorn, {}, {});
  expect(deliveries).toMatchObject([{ status: "success", attempt_count: 1, status_code: 200 }]);
});

test("what is missing is told beside its field, and nothing is created", async ({ open }) => {
  const page = await open("/webhooks/new");
  await page.getByRole("button", { name: "Create webhook" }).click();
  const fields = [
    page.getByRole("textbox", { name: "URL" }),
    page.getByRole("textbox", { name: "Name" }),
    page.getByRole("combobox", { name: "Event types" }),
  ];
  for (const field of fields) {
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(/.+/);
  }
  await expect(page.getByRole("textbox", { name: "URL" })).toBeFocused();
});
