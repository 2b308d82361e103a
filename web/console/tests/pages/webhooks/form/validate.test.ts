import { expect, test } from "vitest";
import { isPattern, validate } from "../../../../src/pages/webhooks/form/validate.ts";
import { emptyValues } from "../../../../src/pages/webhooks/form/values.ts";

test("knows the patterns that the api takes", () => {
  for (const good of ["*", "user.created", "user.*", "a-b_c.d.*"]) expect(isPattern(good), good).toBe(true);
  for (const bad of ["", ".", "user.", "*.created", "user.*.x", "user*", "a b", "ü"])
    expect(isPattern(bad), bad).toBe(false);
});

test("asks for what every webhook needs", () => {
  expect(Object.keys(validate(emptyValues))).toEqual(["name", "url", "event_types"]);
  expect(validate({ ...emptyValues, name: "n", url: "example.com", event_types: ["*"] })).toEqual({
    url: expect.stringContaining("whole URL"),
  });
});
