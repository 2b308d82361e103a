import { expect, test } from "vitest";
import { shortUrl } from "../../src/parts/short-url.ts";

test("leaves out what is the same everywhere, and secrets in the query", () => {
  expect(shortUrl("https://example.com/")).toBe("example.com");
  expect(shortUrl("https://example.com:8443/hooks?token=secret")).toBe("example.com:8443/hooks");
});

test("cuts a long path in its middle", () => {
  expect(shortUrl("https://hooks.example.com/services/T0123456789/B0123456789/abcdefghijkl")).toBe(
    "hooks.example.com/services/T01…/abcdefghijkl",
  );
});

test("shows what is no URL as it is", () => {
  expect(shortUrl("nonsense")).toBe("nonsense");
});
