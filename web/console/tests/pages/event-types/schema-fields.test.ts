import { expect, test } from "vitest";
import { schemaFields } from "../../../src/pages/event-types/schema-fields.ts";
import { schemaOfExample } from "../../../src/pages/event-types/schema-of-example.ts";

const lines = (schema: unknown) =>
  schemaFields(schema).map(({ path, type, isRequired }) => `${path}${isRequired ? "" : "?"}: ${type}`);

test("members are told from the outside in", () => {
  expect(
    lines({
      type: "object",
      required: ["id"],
      properties: {
        id: { type: "integer" },
        at: { type: "string", format: "date-time" },
        customer: { type: "object", required: ["name"], properties: { name: { type: ["string", "null"] } } },
        items: { type: "array", items: { type: "object", properties: { price: { type: "number" } } } },
        tags: { type: "array", items: { type: "string" } },
        state: { enum: ["new", "paid"] },
        version: { const: 2 },
        anything: {},
      },
    }),
  ).toEqual([
    "id: integer",
    "at?: string (date-time)",
    "customer?: object",
    "customer.name: string or null",
    "items?: array of object",
    "items[].price?: number",
    "tags?: array of string",
    'state?: one of "new", "paid"',
    "version?: 2",
    "anything?: any",
  ]);
});

test("references are followed, also into themselves", () => {
  const schema = {
    $ref: "#/$defs/node",
    $defs: { node: { properties: { name: { type: "string" }, next: { $ref: "#/$defs/node" } } } },
  };
  const told = lines(schema);
  expect(told.slice(0, 4)).toEqual([
    "name?: string",
    "next?: object",
    "next.name?: string",
    "next.next?: object",
  ]);
  expect(told.length).toBeLessThan(20);
});

test("parts and choices are told together", () => {
  expect(
    lines({
      allOf: [{ required: ["a"], properties: { a: { type: "string" } } }],
      properties: { b: { oneOf: [{ type: "string" }, { type: "integer" }] } },
    }),
  ).toEqual(["a: string", "b?: string or integer"]);
});

test.each([true, null, { type: "string" }, { $ref: "#/nowhere" }, { properties: { a: true } }])(
  "%j has no members to tell",
  (schema) => {
    expect(schemaFields(schema)).toEqual([]);
  },
);

test("what a description says is told", () => {
  const schema = { properties: { id: { type: "integer", description: "Counts up." } } };
  expect(schemaFields(schema)[0]?.description).toBe("Counts up.");
});

test("a schema is drafted from an example", () => {
  expect(
    schemaOfExample({ id: 7, price: 1.5, paid: true, note: null, lines: [{ sku: "a" }], empty: [] }),
  ).toEqual({
    type: "object",
    required: ["id", "price", "paid", "lines", "empty"],
    properties: {
      id: { type: "integer" },
      price: { type: "number" },
      paid: { type: "boolean" },
      note: {},
      lines: {
        type: "array",
        items: { type: "object", required: ["sku"], properties: { sku: { type: "string" } } },
      },
      empty: { type: "array" },
    },
  });
});
