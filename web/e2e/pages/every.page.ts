import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expectAccessible } from "../stack/axe.ts";
import { makeHistory } from "../stack/history.ts";
import { settled } from "../stack/page.ts";
import { apiUrl, expect, test } from "../stack/test.ts";
import { pages } from "./pages.ts";

const folder = fileURLToPath(new URL("../../../.local/browser/pages/", import.meta.url));

/** Pictures are taken at the first two, where they are wanted: `scripts/web pictures`. */
const widths = [1440, 390, 360, 2560];
const pictures = process.env.PICTURES ? 2 : 0;

/** Whether something is wider than the window, so that the whole page scrolls sideways. */
const overflows = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** The badges whose words are cut. */
const cutBadges = (page: Page) =>
  page
    .locator(".mantine-Badge-label:visible")
    .evaluateAll((labels) =>
      labels.filter((label) => label.scrollWidth > label.clientWidth).map((label) => label.textContent),
    );

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
        expect.soft(await cutBadges(page), `badges that are cut on ${name} at ${width} px`).toEqual([]);
        if (place < pictures) {
          const path = `${folder}${name}-${width}-${colorScheme}.png`;
          // The window is as high as the page, so that what is fixed stands where it would at the end.
          const height = await page.evaluate(() => document.documentElement.scrollHeight);
          await page.setViewportSize({ width, height });
          await page.screenshot({ path });
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
