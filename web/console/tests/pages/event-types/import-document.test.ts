import { expect, test } from "vitest";
import { readImport } from "../../../src/pages/event-types/import-document.ts";

const list = [{ name: "user.created" }, { name: "user.deleted" }];
const names = ["user.created", "user.deleted"];

test("a bare list becomes what the api takes", () => {
  expect(readImport(JSON.stringify(list))).toEqual({ kind: "list", names, body: { event_types: list } });
});

test("a list in its object is sent as it is", () => {
  const body = { event_types: list };
  expect(readImport(JSON.stringify(body))).toEqual({ kind: "list", names, body });
});

test("the webhooks of an OpenAPI document are event types", () => {
  const body = { openapi: "3.1.0", webhooks: { "user.created": {}, "user.deleted": {} } };
  expect(readImport(JSON.stringify(body))).toEqual({ kind: "openapi", names, body });
});

test.each([
  ["", "There is nothing in it."],
  ["[]", "The list is empty."],
  ['[{"name":"a"},{"label":"b"}]', "Entry 2 of the list has no name."],
  ["openapi: 3.1.0\nwebhooks: {}", "This looks like YAML. Convert it to JSON first."],
  ['{"openapi":"3.1.0","paths":{}}', "no “webhooks”"],
  ['{"hello":"world"}', "neither a list of event types nor an OpenAPI document"],
  ["[{", "This is not JSON: "],
])("%j is refused in words", (text, mistake) => {
  expect(readImport(text)).toEqual({ mistake: expect.stringContaining(mistake) });
});
