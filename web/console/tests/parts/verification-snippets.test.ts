import { expect, test } from "vitest";
import { SECRET_VARIABLE, snippets } from "../../src/parts/verification-snippets.ts";

test("takes the secret from the environment in every language", () => {
  for (const { language, code } of snippets) {
    expect(code, language).toContain(SECRET_VARIABLE);
    expect(code, language).not.toMatch(/whsec_[A-Za-z0-9+/]/);
  }
});

test("compares in constant time where no library does", () => {
  const byHand = snippets.filter((snippet) => !("install" in snippet)).map(({ language }) => language);
  expect(byHand).toEqual(["PHP", "C#", "Shell"]);
  expect(snippets.find(({ language }) => language === "PHP")?.code).toContain("hash_equals");
  expect(snippets.find(({ language }) => language === "C#")?.code).toContain("FixedTimeEquals");
});

test("names each language once", () => {
  const languages = snippets.map(({ language }) => language);
  expect(new Set(languages).size).toBe(languages.length);
});
