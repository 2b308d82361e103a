import { expect, test } from "vitest";
import { inWords } from "../../../../src/pages/webhooks/form/field-labels.ts";
import { conflicts, differences, mergeValues } from "../../../../src/pages/webhooks/form/merge-values.ts";
import { valuesOf } from "../../../../src/pages/webhooks/form/values.ts";
import { webhook } from "./webhook.ts";

const base = valuesOf(webhook());
const mine = { ...base, name: "Mine", url: "https://mine.example/" };
const theirs = valuesOf(webhook({ url: "https://theirs.example/", timeout_seconds: 5 }));

test("tells what they changed, and what both did", () => {
  expect(differences(base, theirs)).toEqual(["url", "timeout_seconds"]);
  expect(conflicts(base, mine, theirs)).toEqual(["url"]);
  expect(conflicts(base, { ...base, url: theirs.url }, theirs), "the same change").toEqual([]);
  expect(differences(base, valuesOf(webhook({ enabled: false }))), "is no setting of the form").toEqual([]);
});

test("puts together what each changed alone, and decides only where both did", () => {
  const together = { ...base, name: "Mine", timeout_seconds: 5 };
  expect(mergeValues(base, mine, theirs, "mine")).toEqual({ ...together, url: mine.url });
  expect(mergeValues(base, mine, theirs, "theirs")).toEqual({ ...together, url: theirs.url });
});

test("keeps a secret that was typed", () => {
  const typed = { ...base, auth: { ...base.auth, type: "bearer" as const, token: "typed" } };
  expect(mergeValues(base, typed, theirs, "theirs").auth).toEqual(typed.auth);
});

test("names settings in a sentence", () => {
  expect(inWords(["url"])).toBe("URL");
  expect(inWords(["name", "url", "filter"])).toBe("name, URL and filter");
});
