import { expect, test } from "vitest";
import { jsonMember } from "../../src/parts/json-member.ts";

test("a member keeps every digit and its order", () => {
  const data = '{"b": 12345678901234567890, "1": [1.0, {"data": 2}], "a": "}\\",{"}';
  expect(jsonMember(`{"id":"data","x":{"data":1},"data":${data},"z":[]}`, "data")).toBe(data);
});

test("a member may stand last and be of any kind", () => {
  expect(jsonMember('{"type":"a","data":null}', "data")).toBe("null");
  expect(jsonMember('{"data" : "text, with [marks]" }', "data")).toBe('"text, with [marks]"');
  expect(jsonMember('{"data":[]}', "data")).toBe("[]");
});

test("what is not there is undefined", () => {
  expect(jsonMember('{"id":"data"}', "data")).toBeUndefined();
  expect(jsonMember("{}", "data")).toBeUndefined();
});
