import { fileURLToPath } from "node:url";
import { expectAccessible } from "../stack/axe.ts";
import { makeHistory } from "../stack/history.ts";
import { settled } from "../stack/page.ts";
import { apiUrl, expect, test } from "../stack/test.ts";
import { openings } from "./openings.ts";

const folder = fileURLToPath(new URL("../../../.local/browser/pages/", import.meta.url));

for (const colorScheme of ["light", "dark"] as const) {
  for (const [part, opened] of Object.entries(openings)) {
    test(`what opens, ${part}, ${colorScheme}: accessible, and nothing sticks out`, async ({
      open,
      posthorn,
      receiver,
      tenant,
    }) => {
      test.setTimeout(600_000);
      const history = await makeHistory(posthorn, receiver);
      const page = await open("/", "admin");
      page.setDefaultTimeout(20_000);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const { name, path, open: show, width = 1440 } of opened) {
        await test.step(name, async () => {
          const address = path(history);
          await page.setViewportSize({ width, height: 900 });
          await page.goto(`${apiUrl()}${address}${address.includes("?") ? "&" : "?"}tenant=${tenant}`);
          await settled(page);
          await show(page);
          if (process.env.PICTURES) {
            await page.screenshot({ path: `${folder}open-${name}-${colorScheme}.png` });
          }
          await expectAccessible(page);
          const tooWide = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          expect(tooWide, `${name} is too wide by`).toBe(0);
        });
      }
    });
  }
}
