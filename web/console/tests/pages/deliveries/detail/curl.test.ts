import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { asCurl, curlVariables } from "../../../../src/pages/deliveries/detail/curl.ts";

const headers = {
  authorization: "[redacted]",
  "content-type": "application/json",
  host: "example.com",
  "content-length": "2",
  "webhook-signature": "v1,c2ln",
  "x-api-key": "[redacted]",
};

/** What the shell would hand to curl. */
function words(command: string, env: Record<string, string> = {}): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  return execFileSync("sh", ["-c", script], { env, encoding: "utf8" }).split("\0").slice(0, -1);
}

test("a command sends the same signed request", () => {
  const body = `{"text":"it's $HOME \`x\` \\\\ \\n\\"","n":12345678901234567890}`;
  const command = asCurl({ url: "https://example.com/a?b=c&d='e'", headers, body });
  expect(words(command, { AUTHORIZATION: "Bearer mine", X_API_KEY: "k" })).toEqual([
    "-i",
    "-X",
    "POST",
    "https://example.com/a?b=c&d='e'",
    "-H",
    "authorization: Bearer mine",
    "-H",
    "content-type: application/json",
    "-H",
    "webhook-signature: v1,c2ln",
    "-H",
    "x-api-key: k",
    "--data-raw",
    body,
  ]);
});

test("credentials are variables of the reader's shell", () => {
  expect(curlVariables(headers)).toEqual(["AUTHORIZATION", "X_API_KEY"]);
  expect(asCurl({ url: "https://example.com", headers, body: null })).not.toContain("redacted");
});
