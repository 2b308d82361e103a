// Says what the first load of the console weighs, and fails if it is more than it may be.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const FIRST_LOAD_KB_MAX = 300;

const dist = new URL("../dist/", import.meta.url);
const page = await readFile(new URL("index.html", dist), "utf8");
// What the page names is loaded before anything is shown: its script, what that imports at once, and the styles.
const assets = new Set([...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1]));
let bytes = gzipSync(page).length;
for (const asset of assets) bytes += gzipSync(await readFile(new URL(asset, dist)), { level: 9 }).length;

const kilobytes = Math.ceil(bytes / 1000);
console.log(`first load: ${assets.size} files, ${kilobytes} kB compressed (at most ${FIRST_LOAD_KB_MAX})`);
if (kilobytes > FIRST_LOAD_KB_MAX) process.exit(1);
