// Reads messages, a line for each text, and asks the judges what they find in them.
import { createInterface } from "node:readline";
import { discord, slack, teams, telegram } from "./judges.mjs";
import { all } from "./texts.mjs";

const FAULTS_SHOWN_MAX = 5000;
const judges = { discord, slack, teams, telegram };
const faults = [];
const counts = Object.fromEntries(Object.keys(judges).map((service) => [service, 0]));

let n = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const messages = JSON.parse(line);
  for (const [service, judge] of Object.entries(judges)) {
    counts[service] += 1;
    for (const fault of judge(messages[service], all[n])) faults.push({ service, text: all[n], fault });
  }
  n += 1;
}
for (const { service, text, fault } of faults.slice(0, FAULTS_SHOWN_MAX)) {
  console.log(`${service}: ${JSON.stringify(text)}: ${fault}`);
}
for (const [service, count] of Object.entries(counts)) {
  const wrong = new Set(faults.filter((fault) => fault.service === service).map(({ text }) => text)).size;
  console.log(`${service}: ${count} messages, ${wrong} in which something was found`);
}
if (faults.length > 0 || n !== all.length) process.exitCode = 1;
