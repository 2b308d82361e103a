import { expect, test } from "vitest";
import { actorOf } from "../../src/parts/actor.ts";

test.each([
  ["bootstrap", "bootstrap", undefined],
  ["Ada (01983f9c-0000-7000-8000-000000000001)", "Ada", "01983f9c-0000-7000-8000-000000000001"],
  ["Billing (EU)", "Billing (EU)", undefined],
])("%s is read", (actor, name, keyId) => {
  expect(actorOf(actor)).toEqual({ name, keyId });
});
