import { expect, test } from "vitest";
import { authWords, formatWords, tlsWords } from "../../../../src/pages/webhooks/detail/settings-words.ts";
import { typeToTest } from "../../../../src/pages/webhooks/detail/test-sample.ts";

test("authentication is told without secrets", () => {
  expect(authWords({ type: "none" })).toBe("None but the signature");
  expect(authWords({ type: "bearer" })).toBe("Bearer token");
  expect(authWords({ type: "basic", username: "ada" })).toBe("Basic, as ada");
  expect(authWords({ type: "header", header_name: "x-api-key" })).toBe("Header x-api-key");
  expect(authWords({ type: "oauth2", token_url: "https://id.example.com/token" })).toBe(
    "OAuth 2.0 token of https://id.example.com/token",
  );
});

test("TLS names what a webhook brings of its own", () => {
  expect(tlsWords(null)).toBe("Public authorities");
  expect(tlsWords({ client_certificate: "PEM" })).toBe("With a client certificate");
  expect(tlsWords({ client_certificate: "PEM", ca_certificate: "PEM" })).toBe(
    "With a client certificate and an authority of its own",
  );
});

test("a format says what stands in the payload", () => {
  expect(formatWords("raw")).toBe("The data alone");
});

test("a test begins with the first type that is named exactly", () => {
  expect(typeToTest(["user.*", "order.paid", "x.y"])).toBe("order.paid");
  expect(typeToTest(["*"])).toBe("webhook.test");
});
