import { expect, test } from "vitest";
import { readCatalogue } from "../../../src/pages/event-types/catalogue.ts";

const type = (name: string, example: string) =>
  `{"name":"${name}","label":"A, ]","category":null,"description":null,"example":${example},"schema":null}`;

test("examples keep their digits, whatever stands between the types", () => {
  const example = '{ "id": 12345678901234567890, "tags": ["]", 1.10] }';
  const types = [type("a", example), type("b", "null"), type("c", "[[],{}]"), type("d", "0")];
  const answer = `{"event_types":[ ${types.join(" ,\n")} ],"total":4}`;
  expect(readCatalogue(answer).map(({ name, example }) => [name, example])).toEqual([
    ["a", example],
    ["b", undefined],
    ["c", "[[],{}]"],
    ["d", "0"],
  ]);
  expect(readCatalogue('{"event_types":[],"total":0}')).toEqual([]);
});
