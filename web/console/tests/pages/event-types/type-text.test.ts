import { expect, test } from "vitest";
import { bodyOf, readType } from "../../../src/pages/event-types/type-text.ts";

const example = '{ "id": 12345678901234567890, "price": 1.10 }';
const answer = `{"name":"order.paid","label":"Order paid","category":null,"description":null,"example":${example},"schema":null}`;

test("what was read is written back byte for byte", () => {
  const { type, ...text } = readType(answer);
  expect(text).toEqual({ example, schema: "" });
  const draft = { name: type.name, label: type.label, category: "", description: "", ...text };
  expect(bodyOf(draft, false)).toBe(
    `{"label":"Order paid","category":null,"description":null,"example":${example},"schema":null}`,
  );
});

test("a new type says its name, and what is empty is null", () => {
  const draft = { name: " a.b ", label: "", category: "", description: "", example: " ", schema: "true" };
  expect(JSON.parse(bodyOf(draft, true))).toEqual({
    name: "a.b",
    label: null,
    category: null,
    description: null,
    example: null,
    schema: true,
  });
});
