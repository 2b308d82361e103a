import { expect, type Page } from "@playwright/test";

/** Marks the page as it is now, and says later whether it still is that one: whether nobody has reloaded it. */
export async function stays(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => document.documentElement.setAttribute("data-marked", ""));
  return async () => expect(page.locator("html"), "the page was reloaded").toHaveAttribute("data-marked");
}

/** Nothing is on its way any more. */
export async function settled(page: Page) {
  await expect(page.locator("h1")).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await expect(page.locator(".mantine-Skeleton-root")).toHaveCount(0);
}
