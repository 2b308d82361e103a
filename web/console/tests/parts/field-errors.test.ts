import { ApiProblem } from "@posthorn/client";
import { expect, test } from "vitest";
import { fieldError, isToldBeside } from "../../src/parts/field-errors.ts";

const problem = new ApiProblem({
  status: 422,
  code: "validation_failed",
  title: "",
  detail: "3 fields are wrong",
  errors: [
    { field: "name", detail: "must not be empty" },
    { field: "schema/type", detail: "is no type" },
    { field: "schema/minimum", detail: "is no number" },
  ],
});

test("each field is told what is wrong with it, and where in it", () => {
  expect(fieldError(problem, "name")).toBe("Must not be empty");
  expect(fieldError(problem, "schema")).toBe("/type: is no type. /minimum: is no number");
  expect(fieldError(problem, "names")).toBeUndefined();
  expect(fieldError(problem, "nam")).toBeUndefined();
  expect(fieldError(new Error("other"), "name")).toBeUndefined();
});

test("what no field tells is told above the form", () => {
  expect(isToldBeside(problem, ["name", "schema"])).toBe(true);
  expect(isToldBeside(problem, ["name"])).toBe(false);
  expect(isToldBeside(new Error("other"), ["name"])).toBe(false);
});
