import type { Page } from "@playwright/test";
import { createWebhook, getWebhook, listWebhooks } from "@posthorn/client";
import { promised } from "../stack/promised.ts";
import { expect, test } from "../stack/test.ts";

const hook = { name: "Billing", url: "https://example.com/hooks", event_types: ["invoice.*"] };

/** Keeps back what the console asks by POST at this path, until it is let through or refused. */
async function keepBack(page: Page, path: string) {
  const decided = promised<"let through" | "refuse">();
  const asked = promised();
  await page.route(
    (url) => url.pathname === path,
    async (route) => {
      asked.resolve();
      if ((await decided.promise) === "let through") return route.continue();
      const problem = { status: 503, title: "Unavailable", code: "unavailable", detail: "Come again later." };
      return route.fulfill({
        status: 503,
        contentType: "application/problem+json",
        headers: { "x-request-id": "of-the-test" },
        body: JSON.stringify(problem),
      });
    },
    { times: 1 },
  );
  return { asked: asked.promise, decide: decided.resolve };
}

test("a webhook is disabled and enabled by a switch that shows it at once", async ({ open, posthorn }) => {
  const { id } = await createWebhook(posthorn, hook);
  const page = await open("/webhooks");
  const toggle = page.getByRole("switch", { name: "Billing is enabled" });
  await expect(toggle).toBeChecked();
  for (const [path, enabled] of [
    ["disable", false],
    ["enable", true],
  ] as const) {
    const request = await keepBack(page, `/api/v1/webhooks/${id}/${path}`);
    // Its label is over the switch.
    await toggle.click({ force: true });
    await request.asked;
    await expect(toggle, "before there is an answer").toBeChecked({ checked: enabled });
    request.decide("let through");
    await expect.poll(async () => (await getWebhook(posthorn, id)).enabled).toBe(enabled);
    await expect(toggle).toBeChecked({ checked: enabled });
  }
});

test("a switch that the api refuses goes back, and says why", async ({ open, posthorn, watch }) => {
  watch.expected.push(/503/);
  const { id } = await createWebhook(posthorn, hook);
  const page = await open("/webhooks");
  const toggle = page.getByRole("switch", { name: "Billing is enabled" });
  await expect(toggle).toBeChecked();
  const request = await keepBack(page, `/api/v1/webhooks/${id}/disable`);
  await toggle.click({ force: true });
  await request.asked;
  await expect(toggle).not.toBeChecked();
  // It goes back by itself: until it has, the list is not told anew.
  const back = promised();
  await page.route("**/api/v1/webhooks?*", async (route) => {
    await back.promise;
    await route.continue();
  });
  request.decide("refuse");
  await expect(toggle).toBeChecked();
  back.resolve();
  const alert = page.getByRole("alert").filter({ hasText: "Billing was not disabled" });
  await expect(alert).toContainText("Come again later.");
  await expect(alert).toContainText("of-the-test");
  expect((await getWebhook(posthorn, id)).enabled).toBe(true);
});

test("on its page a webhook is disabled and deleted only after a question", async ({ open, posthorn }) => {
  const { id } = await createWebhook(posthorn, hook);
  const page = await open(`/webhooks/${id}`);
  await page.getByRole("button", { name: "Disable" }).click();
  const question = page.getByRole("dialog");
  await expect(question).toContainText("Disable Billing?");
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toHaveCount(0);
  expect((await getWebhook(posthorn, id)).enabled).toBe(true);

  await page.getByRole("button", { name: "Disable" }).click();
  await question.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("button", { name: "Enable" })).toBeVisible();
  // The page shows it before the answer is there.
  await expect.poll(async () => (await getWebhook(posthorn, id)).enabled).toBe(false);
  await page.getByRole("button", { name: "Enable" }).click();
  await expect(page.getByRole("button", { name: "Disable" })).toBeVisible();
  await expect.poll(async () => (await getWebhook(posthorn, id)).enabled).toBe(true);

  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(question).toContainText("Delete Billing?");
  expect((await listWebhooks(posthorn)).total).toBe(1);
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("heading", { name: "Webhooks", exact: true })).toBeVisible();
  await expect(page.getByText("No webhooks yet")).toBeVisible();
  expect((await listWebhooks(posthorn)).total).toBe(0);
});
