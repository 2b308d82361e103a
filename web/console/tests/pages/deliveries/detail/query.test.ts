import { expect, test } from "vitest";
import { readDelivery } from "../../../../src/pages/deliveries/detail/query.ts";
import { rawMember } from "../../../../src/parts/raw-member.ts";

test("a member is taken as it stands", () => {
  const json = ' { "a\\"b" : [1, {"c": "}]"}] ,"body": {"n": 1.10,  "big": 12345678901234567890}, "z":null}';
  expect(rawMember(json, 'a"b')).toBe('[1, {"c": "}]"}]');
  expect(rawMember(json, "body")).toBe('{"n": 1.10,  "big": 12345678901234567890}');
  expect(rawMember(json, "z")).toBe("null");
  expect(rawMember(json, "c")).toBeUndefined();
  expect(rawMember("{}", "a")).toBeUndefined();
  expect(rawMember('{"a":1}', "a")).toBe("1");
});

test("the body of a delivery is what was signed", () => {
  const read = (payload: string, type: string) =>
    readDelivery(`{"id":"x","request_payload":${payload},"request_headers":{"content-type":"${type}"}}`)
      .sentBody;
  expect(read('{"price": 1.50}', "application/json")).toBe('{"price": 1.50}');
  expect(read('"a \\"line\\""', "text/plain")).toBe('a "line"');
  expect(read('"a \\"line\\""', "application/json")).toBe('"a \\"line\\""');
  expect(read("null", "application/json")).toBeNull();
});

test("of a body that was cut the beginning is shown as it is", () => {
  const answer = {
    request_payload: '{"a": 1',
    request_payload_truncated: true,
    request_headers: { "content-type": "application/json" },
  };
  expect(readDelivery(JSON.stringify(answer)).sentBody).toBe('{"a": 1');
});
