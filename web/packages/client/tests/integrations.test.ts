import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type IntegrationType, integrationOf, integrations } from "../src/index.ts";

const document: { components: { schemas: { IntegrationType: { enum: IntegrationType[] } } } } = JSON.parse(
  await readFile(new URL("../../../../crates/api/openapi.json", import.meta.url), "utf8"),
);
const types = document.components.schemas.IntegrationType.enum;

test("every kind of receiver that the api knows is told of, once", () => {
  expect(integrations.map(({ type }) => type).sort()).toEqual([...types].sort());
});

test.each(types)("%s has a name, an icon, and an example of its URLs", (type) => {
  const { name, icon, urlHint, help } = integrationOf(type);
  expect(name).not.toBe("");
  expect(icon).toMatch(/^[a-z][a-z-]*$/);
  expect(urlHint).toMatch(/^https:\/\//);
  expect(help).toMatch(/\.$/);
});
