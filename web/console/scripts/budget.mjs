// Says what the first load of the console weighs, and fails if it is more than it may be.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const FIRST_LOAD_KB_MAX = 300;
/** What is loaded before the overview shows its figures; its charts are drawn when they have come. */
const FIRST_PARTS = ["index.html", "src/pages/overview/index.tsx"];

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));

const files = new Set(["index.html"]);
const parts = [...FIRST_PARTS];
for (const name of parts) {
  const part = manifest[name];
  if (part === undefined) throw new Error(`the build has no ${name}`);
  for (const file of [part.file, ...(part.css ?? [])]) files.add(file);
  for (const needed of part.imports ?? []) if (!parts.includes(needed)) parts.push(needed);
}

let bytes = 0;
for (const file of files) bytes += gzipSync(await readFile(new URL(file, dist)), { level: 9 }).length;

const kilobytes = Math.ceil(bytes / 1000);
console.log(`first load: ${files.size} files, ${kilobytes} kB compressed (at most ${FIRST_LOAD_KB_MAX})`);
if (kilobytes > FIRST_LOAD_KB_MAX) process.exit(1);
