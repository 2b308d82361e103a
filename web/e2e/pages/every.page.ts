import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expectAccessible } from "../stack/axe.ts";
import { type History, makeHistory } from "../stack/history.ts";
import { apiUrl, expect, test } from "../stack/test.ts";

const folder = fileURLToPath(new URL("../../../.local/browser/pages/", import.meta.url));

/** Every page of the console, by the name of its picture. */
const pages: [string, (history: History) => string][] = [
  ["overview", () => "/"],
  ["webhooks", () => "/webhooks"],
  ["webhook-new", () => "/webhooks/new"],
  ["webhook", ({ failing }) => `/webhooks/${failing}`],
  ["webhook-statistics", ({ failing }) => `/webhooks/${failing}?tab=statistics`],
  ["webhook-settings", ({ failing }) => `/webhooks/${failing}?tab=settings`],
  ["webhook-secret", ({ webhook }) => `/webhooks/${webhook}?tab=secret`],
  ["webhook-replays", ({ webhook }) => `/webhooks/${webhook}?tab=replays`],
  ["webhook-edit", ({ failing }) => `/webhooks/${failing}/edit`],
  ["deliveries", () => "/deliveries"],
  ["delivery-delivered", ({ delivered }) => `/deliveries/${delivered}`],
  ["delivery-failed", ({ failed }) => `/deliveries/${failed}`],
  ["dead-letters", () => "/dead-letters"],
  ["replays", () => "/replays"],
  ["replay", ({ replay }) => `/replays/${replay}`],
  ["events", () => "/events"],
  ["event-send", () => "/events/new"],
  ["event", ({ event }) => `/events/${event}`],
  ["event-types", () => "/event-types"],
  ["event-type", () => "/event-types/invoice.paid"],
  ["settings-api-keys", () => "/settings/api-keys"],
  ["settings-tenants", () => "/settings/tenants"],
  ["settings-audit-log", () => "/settings/audit-log"],
];

/** Pictures are taken at the first two. */
const widths = [1440, 390, 360, 2560];
const pictures = 2;

/** Nothing is on its way any more. */
async function settled(page: Page) {
  await expect(page.locator("h1")).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await expect(page.locator(".mantine-Skeleton-root")).toHaveCount(0);
}

/** Whether something is wider than the window, so that the whole page scrolls sideways. */
const overflows = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const colorScheme of ["light", "dark"] as const) {
  test(`every page, ${colorScheme}, narrow and wide: accessible, and nothing sticks out`, async ({
    open,
    posthorn,
    receiver,
    tenant,
  }) => {
    test.setTimeout(600_000);
    const history = await makeHistory(posthorn, receiver);
    const page = await open("/", "admin");
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const [name, path] of pages) {
      const address = path(history);
      await page.setViewportSize({ width: widths[0] ?? 1440, height: 900 });
      await page.goto(`${apiUrl()}${address}${address.includes("?") ? "&" : "?"}tenant=${tenant}`);
      await settled(page);
      for (const [place, width] of widths.entries()) {
        await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
        // What follows the width of the window does so in the next frame.
        const tooWide = expect.poll(() => overflows(page), `${name} at ${width} px is too wide by`);
        await tooWide.toBe(0);
        if (place < pictures) {
          const path = `${folder}${name}-${width}-${colorScheme}.png`;
          await page.screenshot({ path, fullPage: true });
        }
      }
      await page.setViewportSize({ width: 1440, height: 900 });
      await test.step(`${name} is accessible`, () => expectAccessible(page));
    }
  });
}

test("the form that signs in is accessible", async ({ page, watch: _ }) => {
  await page.goto(apiUrl());
  await expect(page.getByLabel("API key")).toBeVisible();
  await expectAccessible(page);
});
