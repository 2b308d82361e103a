import { createApiKey, createPosthorn, createWebhook } from "@posthorn/client";
import { adminKey, apiUrl, expect, test } from "../stack/test.ts";

const hook = { name: "Billing", url: "https://example.com/hooks", event_types: ["invoice.*"] };

test("a viewer sees everything and may change nothing", async ({ open, posthorn }) => {
  const webhook = await createWebhook(posthorn, hook);
  const page = await open("/webhooks", "viewer");
  await expect(page.getByRole("link", { name: "Billing" })).toBeVisible();
  await expect(page.getByRole("link", { name: /new webhook/i })).toHaveCount(0);
  await page.goto(`${apiUrl()}/webhooks/${webhook.id}`);
  await expect(page.getByRole("heading", { name: "Billing" })).toBeVisible();
  for (const name of [/delete/i, /disable/i, /rotate/i, /reveal/i, /^test/i]) {
    await expect(page.getByRole("button", { name })).toHaveCount(0);
  }
  await expect(page.getByRole("link", { name: "API keys" })).toHaveCount(0);
});

test("a manager may change webhooks, and not who may do what", async ({ open, posthorn }) => {
  await createWebhook(posthorn, hook);
  const page = await open("/webhooks", "manager");
  await expect(page.getByRole("link", { name: /new webhook/i }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "API keys" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Tenants" })).toHaveCount(0);
});

test("another tenant's link shows that there is nothing", async ({ open, watch }) => {
  watch.expected.push(/404/);
  const elsewhere = createPosthorn({ baseUrl: apiUrl(), apiKey: adminKey(), tenant: "default" });
  const webhook = await createWebhook(elsewhere, hook);
  for (const role of ["manager", "viewer"] as const) {
    const page = await open(`/webhooks/${webhook.id}`, role);
    await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
    await expect(page.getByText("Billing")).toHaveCount(0);
    await page.getByRole("button", { name: "Sign out" }).click();
  }
});

test("a key that nobody knows is refused, one that is known signs in for this tab, and signing out ends it", async ({
  page,
  posthorn,
  tenant,
  watch,
}) => {
  watch.expected.push(/401/);
  const { key } = await createApiKey(posthorn, { name: "form", role: "viewer", tenant });
  await page.goto(apiUrl());
  await page.getByLabel("API key").fill("not-a-key");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Posthorn does not know this key")).toBeVisible();

  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.reload();
  await expect(page.getByLabel("API key")).toBeVisible();
});
