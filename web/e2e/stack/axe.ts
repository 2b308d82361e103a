import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** Nothing on the page keeps anybody out, by WCAG 2.2 AA and axe's best practices. */
export async function expectAccessible(page: Page) {
  await page.evaluate(await source);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: (of: Document, options: object) => Promise<{ violations: Violation[] }> };
    };
    // Of what passes it would else make a report, too, with a selector for each element.
    return (await axe.run(document, { resultTypes: ["violations"] })).violations;
  });
  const told = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary}`),
  }));
  expect.soft(told, `what axe found on ${page.url()}`).toEqual([]);
}
