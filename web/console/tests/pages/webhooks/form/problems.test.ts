import { ApiProblem } from "@posthorn/client";
import { expect, test } from "vitest";
import { fieldErrors, sectionsOf } from "../../../../src/pages/webhooks/form/problems.ts";

const refused = (...errors: [string, string][]) =>
  fieldErrors(
    new ApiProblem({
      status: 422,
      title: "Invalid",
      code: "invalid_fields",
      detail: "not valid",
      errors: errors.map(([field, detail]) => ({ field, detail })),
    }),
    {
      event_types: ["a", "b c"],
      custom_headers: [
        { key: "1", name: "X-A", value: "" },
        { key: "2", name: "Host ", value: "" },
      ],
    },
  );

test("tells each mistake beside its field", () => {
  expect(
    refused(
      ["auth.token", "is required for this type"],
      ["event_types[1]", "is no pattern"],
      ["custom_headers.host", "is set by the protocol"],
      ["retry_schedule_seconds[2]", "must be at most 604800"],
      ["webhook.filter", "line 1: syntax error"],
    ),
  ).toEqual({
    errors: {
      "auth.token": "is required for this type",
      event_types: "b c: is no pattern",
      "custom_headers.1.name": "is set by the protocol",
      retry_schedule: "Delay 3 must be at most 604800",
      filter: "line 1: syntax error",
    },
    isComplete: true,
  });
});

test("leaves what has no field to a message above the form", () => {
  expect(refused(["event.type", "is odd"], ["name", "is too long"])).toEqual({
    errors: { name: "is too long" },
    isComplete: false,
  });
  expect(refused(["custom_headers.x-gone", "is odd"]).isComplete).toBe(false);
  expect(fieldErrors(new Error("offline"), { event_types: [], custom_headers: [] }).isComplete).toBe(false);
});

test("finds the parts of the form to open", () => {
  expect(sectionsOf(["name", "auth.token", "retry_schedule", "custom_headers.0.name"])).toEqual([
    "security",
    "headers",
    "retries",
  ]);
});
