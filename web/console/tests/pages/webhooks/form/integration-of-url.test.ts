import { integrations } from "@posthorn/client";
import { expect, test } from "vitest";
import { integrationOfUrl } from "../../../../src/pages/webhooks/form/integration-of-url.ts";

test("recognises the URLs that are given as hints", () => {
  for (const { type, urlHint } of integrations) {
    const url = urlHint.replace("….", "prod.");
    expect(integrationOfUrl(url), url).toBe(type === "generic" ? undefined : type);
  }
});

test("is not fooled by a name inside another", () => {
  expect(integrationOfUrl("https://hooks.slack.com.example.org/")).toBeUndefined();
  expect(integrationOfUrl("not a url")).toBeUndefined();
});
