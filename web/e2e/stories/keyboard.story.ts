import type { Locator, Page } from "@playwright/test";
import { createApiKey, createWebhook } from "@posthorn/client";
import { apiUrl, expect, test } from "../stack/test.ts";

const TABS_MAX = 60;

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, goal: Locator) {
  await expect(goal).toBeVisible();
  for (let pressed = 0; pressed < TABS_MAX; pressed += 1) {
    if (await goal.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${TABS_MAX} tabs do not lead to ${goal}`);
}

test("without a mouse: sign in, and create a webhook", async ({ page, posthorn, tenant, watch: _ }) => {
  const { key } = await createApiKey(posthorn, { name: "keyboard", role: "manager", tenant });
  await page.goto(apiUrl());
  await tabTo(page, page.getByLabel("API key"));
  await page.keyboard.type(key);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();

  await tabTo(page, page.getByRole("link", { name: "Webhooks", exact: true }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Webhooks", exact: true })).toBeVisible();
  await tabTo(page, page.getByRole("link", { name: "New webhook" }).first());
  await page.keyboard.press("Enter");

  await tabTo(page, page.getByRole("textbox", { name: "URL" }));
  await page.keyboard.type("https://example.com/hooks");
  await tabTo(page, page.getByRole("textbox", { name: "Name" }));
  await page.keyboard.type("By hand");
  await tabTo(page, page.getByRole("combobox", { name: "Event types" }));
  await page.keyboard.type("user.*");
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "Create webhook" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "By hand is created" })).toBeVisible();
  // What follows is read from here on, not from the beginning of the document.
  await tabTo(page, page.getByRole("link", { name: "Test it" }));
});

test("the way past the navigation leads into the page", async ({ open }) => {
  const page = await open("/webhooks");
  await expect(page.getByRole("heading", { name: "Webhooks", exact: true })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("main").locator(":focus")).toHaveCount(1);
});

test("a dialog is left by Escape, and the focus is back where it was", async ({ open, posthorn }) => {
  const hook = { name: "Billing", url: "https://example.com/hooks", event_types: ["invoice.*"] };
  const { id } = await createWebhook(posthorn, hook);
  const page = await open(`/webhooks/${id}`);
  for (const name of ["Test", "Disable"]) {
    const opener = page.getByRole("button", { name, exact: true });
    await tabTo(page, opener);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog").locator(":focus")).toHaveCount(1);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(opener).toBeFocused();
  }
});

test("a question that a menu asks gives the focus back to the menu's button", async ({ open, posthorn }) => {
  const hook = { name: "Billing", url: "https://example.com/hooks", event_types: ["invoice.*"] };
  const { id } = await createWebhook(posthorn, hook);
  const page = await open(`/webhooks/${id}`);
  for (const [path, name] of [
    [`/webhooks/${id}`, "More actions"],
    ["/webhooks", "Actions for Billing"],
  ] as const) {
    await page.goto(`${apiUrl()}${path}`);
    const opener = page.getByRole("button", { name });
    await tabTo(page, opener);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("menu")).toBeVisible();
    await page.keyboard.press("ArrowUp");
    await expect(page.getByRole("menuitem", { name: "Delete" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog").getByRole("button", { name: "Cancel" })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(opener).toBeFocused();
  }
});
