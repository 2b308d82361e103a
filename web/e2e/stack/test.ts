import { randomBytes } from "node:crypto";
import { test as base, type ConsoleMessage, expect, type Page } from "@playwright/test";
import { createApiKey, createPosthorn, createTenant, type Posthorn, type Role } from "@posthorn/client";
import { Receiver } from "./receiver.ts";

interface Fixtures {
  /** A tenant of this test alone. */
  tenant: string;
  /** An admin's client in that tenant. */
  posthorn: Posthorn;
  receiver: Receiver;
  /** Opens a page of the console, signed in with a key of this role for that tenant. */
  open: (path: string, role?: Role) => Promise<Page>;
}

export function apiUrl(): string {
  const url = process.env.POSTHORN_API_URL;
  if (url === undefined) throw new Error("the stack does not run");
  return url;
}

export const adminKey = () => process.env.POSTHORN_KEY ?? "";

/**
 * The browser says nothing in its console, and asks nobody but the api. `expected` are answers that a story wants to see:
 * the browser reports those of 400 and above as errors.
 */
export function watched(page: Page): { expected: RegExp[]; complaints: string[] } {
  const watch = { expected: [] as RegExp[], complaints: [] as string[] };
  const complain = (words: string) => {
    if (!watch.expected.some((pattern) => pattern.test(words))) watch.complaints.push(words);
  };
  page.on("console", (message: ConsoleMessage) => {
    if (["error", "warning"].includes(message.type()))
      complain(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complain(`exception: ${error.stack ?? error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "blob:" && url.origin !== new URL(apiUrl()).origin) complain(`request to ${url}`);
  });
  return watch;
}

/** Leaves the key where the form leaves it. That the form does so is a story of its own. */
async function signIn(page: Page, key: string) {
  // An empty page of the console's origin.
  const empty = `${apiUrl()}/empty`;
  await page.route(empty, (route) =>
    route.fulfill({ contentType: "text/html", body: '<link rel="icon" href="data:,">' }),
  );
  await page.goto(empty);
  await page.evaluate((key) => sessionStorage.setItem("posthorn.api-key", key), key);
  await page.unroute(empty);
}

export const test = base.extend<Fixtures & { watch: ReturnType<typeof watched> }>({
  // biome-ignore lint/correctness/noEmptyPattern: how a fixture says that it needs no other
  tenant: async ({}, use) => {
    const tenant = `t-${randomBytes(5).toString("hex")}`;
    await createTenant(createPosthorn({ baseUrl: apiUrl(), apiKey: adminKey() }), tenant);
    await use(tenant);
  },
  posthorn: async ({ tenant }, use) => {
    await use(createPosthorn({ baseUrl: apiUrl(), apiKey: adminKey(), tenant }));
  },
  // biome-ignore lint/correctness/noEmptyPattern: how a fixture says that it needs no other
  receiver: async ({}, use) => {
    const receiver = await Receiver.start();
    await use(receiver);
    await receiver.stop();
  },
  watch: async ({ page }, use) => {
    const watch = watched(page);
    await use(watch);
    expect(watch.complaints, "the browser's complaints").toEqual([]);
  },
  open: async ({ page, posthorn, tenant, watch: _ }, use) => {
    await use(async (path, role = "manager") => {
      let key = adminKey();
      let address = apiUrl() + path;
      if (role === "admin") {
        address += `${path.includes("?") ? "&" : "?"}tenant=${tenant}`;
      } else {
        const issued = await createApiKey(posthorn, { name: `${role} of the test`, role, tenant });
        key = issued.key;
      }
      await signIn(page, key);
      await page.goto(address);
      await expect(page.getByRole("navigation", { name: "Pages" })).toBeVisible();
      return page;
    });
  },
});

export { expect };
