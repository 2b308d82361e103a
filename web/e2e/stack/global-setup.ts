import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const local = fileURLToPath(new URL("../../../deploy/local/", import.meta.url));
// Not `browser`: what is left of an instance is deleted at the end, and that folder holds the pictures.
const INSTANCE = "stories";
const VARIABLES = ["POSTHORN_API_URL", "POSTHORN_KEY", "POSTHORN_NATS_URL"];

/**
 * Starts PostgreSQL, nats-server, an api and a deliverer with data of their own, and deletes all of it at the end. Where
 * the environment names an api and an admin's key, the tests use that one instead.
 */
export default async function globalSetup(): Promise<() => Promise<void>> {
  if (process.env.POSTHORN_API_URL && process.env.POSTHORN_KEY) return async () => {};
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("POSTHORN_")),
  );
  const stack = spawn(`${local}run`, ["up", "--instance", INSTANCE], {
    env: { ...environment, DEMO: "0" },
    stdio: ["ignore", "pipe", "inherit"],
    // In a session of its own: Ctrl-C is for us, who then end it in order.
    detached: true,
  });
  await untilUp(stack);
  const told = spawnSync(`${local}run`, ["env", "--instance", INSTANCE], { encoding: "utf8" }).stdout;
  for (const name of VARIABLES) {
    process.env[name] = told.match(new RegExp(`^${name}='?([^'\n]*)'?$`, "m"))?.[1];
  }
  return async () => {
    const ended = new Promise((resolve) => stack.once("exit", resolve));
    stack.kill("SIGTERM");
    await ended;
    spawnSync(`${local}services`, ["clean", "--instance", INSTANCE]);
  };
}

async function untilUp(stack: ChildProcess): Promise<void> {
  if (stack.stdout === null) throw new Error("its words are not read");
  for await (const line of createInterface({ input: stack.stdout })) {
    if (line.startsWith("Posthorn is up")) return;
  }
  throw new Error("Posthorn did not start; its words stand above");
}
