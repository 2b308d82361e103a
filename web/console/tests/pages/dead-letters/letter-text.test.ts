import { expect, test } from "vitest";
import { readLetter } from "../../../src/pages/dead-letters/letter-text.ts";

test("a payload of JSON keeps its digits; other text is what it is", () => {
  expect(readLetter('{"payload":{"n":12345678901234567890},"payload_encoding":"json"}').text).toBe(
    '{"n":12345678901234567890}',
  );
  expect(readLetter('{"payload":"not json {","payload_encoding":"text"}').text).toBe("not json {");
  expect(readLetter('{"payload":null,"payload_encoding":null}').text).toBeUndefined();
});
