import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { makeHistory } from "../stack/history.ts";
import { layoutShift } from "../stack/layout-shift.ts";
import { settled } from "../stack/page.ts";
import { apiUrl, expect, test } from "../stack/test.ts";
import { pages } from "./pages.ts";

/** The figures are kept beside the pictures. */
const folder = fileURLToPath(new URL("../../../.local/browser/pages/", import.meta.url));

/** What Web Vitals call good. */
const SHIFT_MAX = 0.1;

for (const width of [1440, 390]) {
  test(`every page stays where it is while it loads, ${width} px`, async ({
    open,
    posthorn,
    receiver,
    tenant,
  }) => {
    test.setTimeout(600_000);
    const history = await makeHistory(posthorn, receiver);
    const page = await open("/", "admin");
    await page.setViewportSize({ width, height: 900 });
    const figures: string[] = [];
    for (const [name, path] of pages) {
      const address = path(history);
      await page.goto(`${apiUrl()}${address}${address.includes("?") ? "&" : "?"}tenant=${tenant}`);
      await settled(page);
      const { score, moved } = await layoutShift(page);
      figures.push(`${score.toFixed(4)} ${name}`, ...moved.map((what) => `    ${what}`));
      expect.soft(score, `${name} moved:\n${moved.join("\n")}\nby`).toBeLessThan(SHIFT_MAX);
    }
    await mkdir(folder, { recursive: true });
    await writeFile(`${folder}layout-shift-${width}.txt`, `${figures.join("\n")}\n`);
  });
}
