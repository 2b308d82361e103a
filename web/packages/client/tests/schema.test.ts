import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("the types are those of the api's document", { timeout: 60_000 }, async () => {
  const script = fileURLToPath(new URL("../scripts/generate.mjs", import.meta.url));
  const check = promisify(execFile)(process.execPath, [script, "--check"]);
  await expect(check).resolves.toMatchObject({ stderr: "" });
});
