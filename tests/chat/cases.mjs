// Writes the lines that the example of crates/domain reads: an event's type, and data that holds a text as name and value.
import { all } from "./texts.mjs";

const types = ["order.paid", "deploy.sh", "__init__.py", "a-b_c", "10.x", "4111-1111-1111-1111"];

const lines = all.map((text, n) => `${types[n % types.length]} ${JSON.stringify({ [text]: text, text })}`);
process.stdout.write(`${lines.join("\n")}\n`);
