// Writes src/schema.ts from the committed OpenAPI document; with --check it only says whether it is up to date.
import { readFile, writeFile } from "node:fs/promises";
import openapiTypeScript, { astToString } from "openapi-typescript";

const document = new URL("../../../../crates/api/openapi.json", import.meta.url);
const schema = new URL("../src/schema.ts", import.meta.url);

const header = "// Generated from crates/api/openapi.json by `npm run generate`. Not to be edited.\n\n";
const wanted = header + astToString(await openapiTypeScript(document, { emptyObjectsUnknown: true }));

if (process.argv.includes("--check")) {
  const present = await readFile(schema, "utf8").catch(() => "");
  if (present !== wanted) {
    console.error("src/schema.ts is out of date: run `npm run generate` in web/ and commit what it writes");
    process.exit(1);
  }
} else {
  await writeFile(schema, wanted);
}
