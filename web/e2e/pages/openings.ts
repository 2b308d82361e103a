import type { Locator, Page } from "@playwright/test";
import type { History } from "../stack/history.ts";

/** Something that opens on a page: where, and how. What is visible at the end is looked at. */
export interface Opening {
  name: string;
  path: (history: History) => string;
  open: (page: Page) => Promise<void>;
  width?: number;
}

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true });

/** Presses a button of the page, and waits for what it shows. */
const pressed = (name: string | RegExp, shown: "dialog" | "menu") => async (page: Page) => {
  await button(page, name).first().click();
  await page.getByRole(shown).waitFor();
};

/** Opens the list of choices of a field. */
async function choices(where: Page | Locator, name: string) {
  await where.getByRole("combobox", { name, exact: true }).click();
  await where.getByRole("listbox").waitFor();
}

const choosing = (name: string) => (page: Page) => choices(page, name);

/** Opens a dialog by one button, then a list of choices in it. */
const choosingIn = (opener: string, name: string) => async (page: Page) => {
  await pressed(opener, "dialog")(page);
  await choices(page.getByRole("dialog"), name);
};

/** Opens a menu, then the question of its last entry. */
const deletingBy = (menu: string | RegExp) => async (page: Page) => {
  await pressed(menu, "menu")(page);
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").waitFor();
};

async function unfold(page: Page, section: RegExp) {
  await page.getByRole("button", { name: section }).click();
}

async function calendar(page: Page, label: string) {
  await page.getByRole("button", { name: label, exact: true }).click();
  await page.getByRole("button", { name: "Next month" }).waitFor();
}

const shell: Opening[] = [
  { name: "tenants", path: () => "/", open: choosing("Tenant") },
  {
    name: "navigation",
    path: () => "/deliveries",
    width: 390,
    open: async (page) => {
      await button(page, "Open the menu").click();
      await page.getByRole("link", { name: "Webhooks", exact: true }).waitFor();
    },
  },
];

const webhooks: Opening[] = [
  { name: "webhooks-type", path: () => "/webhooks", open: choosing("Event type") },
  { name: "webhooks-menu", path: () => "/webhooks", open: pressed(/^Actions for Book/, "menu") },
  { name: "webhooks-delete", path: () => "/webhooks", open: deletingBy(/^Actions for Book/) },
  { name: "webhook-new-types", path: () => "/webhooks/new", open: choosing("Event types") },
  { name: "webhook-new-example", path: () => "/webhooks/new", open: choosing("Event type of the example") },
  {
    name: "webhook-new-recent",
    path: () => "/webhooks/new",
    open: async (page) => {
      await page.getByText("Recent event", { exact: true }).click();
      await choices(page, "Recent event");
    },
  },
  {
    name: "webhook-new-unfolded",
    path: () => "/webhooks/new",
    open: async (page) => {
      await page.getByText("Telegram", { exact: true }).click();
      for (const section of [/^Payload/, /^Authentication/, /^Headers/, /^Retries/, /^Limits/]) {
        await unfold(page, section);
      }
      await page.getByText("OAuth 2.0", { exact: true }).click();
      await page.getByText("Own schedule", { exact: true }).click();
      await button(page, "Add a header").click();
      await choices(page, "Spelling");
    },
  },
  {
    name: "webhook-new-format",
    path: () => "/webhooks/new",
    open: async (page) => {
      await unfold(page, /^Payload/);
      await choices(page, "Format");
    },
  },
  {
    name: "webhook-new-mistakes",
    path: () => "/webhooks/new",
    open: (page) => button(page, "Create webhook").click(),
  },
  {
    name: "webhook-new-leave",
    path: () => "/webhooks/new",
    open: async (page) => {
      await page.getByRole("textbox", { name: "Name" }).fill("Not saved");
      await page.getByRole("link", { name: "Deliveries", exact: true }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
];

const webhook: Opening[] = [
  { name: "webhook-export", path: ({ webhook }) => `/webhooks/${webhook}`, open: pressed("Export", "menu") },
  {
    name: "webhook-more",
    path: ({ webhook }) => `/webhooks/${webhook}`,
    open: pressed("More actions", "menu"),
  },
  {
    name: "webhook-test",
    path: ({ webhook }) => `/webhooks/${webhook}`,
    open: async (page) => {
      await pressed("Test", "dialog")(page);
      // It has the webhook's type already, and tells of others when something is written.
      await page.getByRole("dialog").getByRole("combobox", { name: "Event type" }).fill("in");
      await page.getByRole("dialog").getByRole("listbox").waitFor();
    },
  },
  {
    name: "webhook-tested",
    path: ({ webhook }) => `/webhooks/${webhook}`,
    open: async (page) => {
      await pressed("Test", "dialog")(page);
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: /^Send/ }).click();
      await dialog.getByText("200").first().waitFor();
    },
  },
  {
    name: "webhook-disable",
    path: ({ webhook }) => `/webhooks/${webhook}`,
    open: pressed("Disable", "dialog"),
  },
  { name: "webhook-delete", path: ({ webhook }) => `/webhooks/${webhook}`, open: deletingBy("More actions") },
  {
    name: "webhook-secret-overlap",
    path: ({ webhook }) => `/webhooks/${webhook}?tab=secret`,
    open: choosing("The present secret"),
  },
  {
    name: "webhook-secret-language",
    path: ({ webhook }) => `/webhooks/${webhook}?tab=secret`,
    open: choosing("Language of the receiver"),
  },
  {
    name: "webhook-secret-rotate",
    path: ({ webhook }) => `/webhooks/${webhook}?tab=secret`,
    open: pressed("Rotate the secret", "dialog"),
  },
  {
    name: "webhook-secret-shown",
    path: ({ webhook }) => `/webhooks/${webhook}?tab=secret`,
    open: async (page) => {
      await pressed("Rotate the secret", "dialog")(page);
      await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).click();
      await page.getByRole("status").filter({ hasText: "The new secret" }).waitFor();
      await button(page, "Reveal").click();
      await button(page, "Hide").waitFor();
    },
  },
  {
    name: "webhook-replay-types",
    path: ({ webhook }) => `/webhooks/${webhook}?tab=replays`,
    open: choosing("Event types"),
  },
  {
    name: "webhook-replay-from",
    path: ({ webhook }) => `/webhooks/${webhook}?tab=replays`,
    open: async (page) => {
      await page.getByLabel("From", { exact: false }).first().click();
      await button(page, "Next month").waitFor();
    },
  },
];

const history: Opening[] = [
  { name: "deliveries-status", path: () => "/deliveries", open: choosing("Status") },
  { name: "deliveries-time", path: () => "/deliveries", open: pressed("Any time", "dialog") },
  {
    name: "deliveries-calendar",
    path: () => "/deliveries",
    open: async (page) => {
      await pressed("Any time", "dialog")(page);
      await calendar(page, "From");
    },
  },
  { name: "dead-letters-kind", path: () => "/dead-letters", open: choosing("Kind") },
  { name: "dead-letters-webhook", path: () => "/dead-letters", open: choosing("Webhook") },
  {
    name: "dead-letter",
    path: () => "/dead-letters",
    open: async (page) => {
      await page.getByRole("table").getByRole("link", { name: "invoice.paid" }).first().click();
      await page.getByRole("dialog").getByRole("button", { name: "Retry" }).waitFor();
    },
  },
  {
    name: "dead-letters-discard",
    path: () => "/dead-letters",
    open: async (page) => {
      await page.getByRole("checkbox", { name: "All that are shown" }).check();
      await pressed("Discard", "dialog")(page);
    },
  },
  {
    name: "event-replay",
    path: ({ event }) => `/events/${event}`,
    open: async (page) => {
      await pressed(/^Replay|^Deliver/, "dialog")(page);
      await page.getByRole("radio", { name: /^Chosen webhooks/ }).check();
      await choices(page.getByRole("dialog"), "Webhooks");
    },
  },
  { name: "event-send-type", path: () => "/events/new", open: choosing("Event type") },
];

const settings: Opening[] = [
  { name: "event-types-category", path: () => "/event-types", open: choosing("Category") },
  { name: "event-types-new", path: () => "/event-types", open: choosingIn("New event type", "Category") },
  { name: "event-types-import", path: () => "/event-types", open: pressed("Import", "dialog") },
  {
    name: "event-types-imported",
    path: () => "/event-types",
    open: async (page) => {
      await pressed("Import", "dialog")(page);
      const dialog = page.getByRole("dialog");
      const types = Array.from({ length: 30 }, (_, n) => ({
        name: `order.step_${n}`,
        category: `stage ${n % 9}`,
      }));
      await dialog.getByRole("textbox").fill(JSON.stringify(types));
      await dialog
        .getByRole("button", { name: /^(Import|Enter)/ })
        .last()
        .click();
      await dialog.getByLabel("Imported event types").waitFor();
    },
  },
  // After the import there are more categories than fit.
  { name: "event-types-categories", path: () => "/event-types", open: choosing("Category") },
  { name: "webhook-new-many", path: () => "/webhooks/new", open: choosing("Event types") },
  { name: "event-send-many", path: () => "/events/new", open: choosing("Event type") },
  { name: "event-type-edit", path: () => "/event-types/invoice.paid", open: pressed("Edit", "dialog") },
  { name: "event-type-delete", path: () => "/event-types/invoice.paid", open: pressed("Delete", "dialog") },
  { name: "api-key-new", path: () => "/settings/api-keys", open: pressed("New key", "dialog") },
  { name: "api-key-tenant", path: () => "/settings/api-keys", open: choosingIn("New key", "Tenant") },
  { name: "api-key-expires", path: () => "/settings/api-keys", open: choosingIn("New key", "Expires") },
  {
    name: "api-key-shown",
    path: () => "/settings/api-keys",
    open: async (page) => {
      await pressed("New key", "dialog")(page);
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("textbox", { name: "Name" }).fill("Billing service");
      await dialog.getByRole("button", { name: "Create" }).click();
      await dialog.getByRole("button", { name: "Done" }).waitFor();
    },
  },
  {
    name: "api-key-revoke",
    path: () => "/settings/api-keys",
    open: pressed("Revoke Billing service", "dialog"),
  },
  { name: "tenant-new", path: () => "/settings/tenants", open: pressed("New tenant", "dialog") },
  { name: "tenant-delete", path: () => "/settings/tenants", open: pressed(/^Delete t-/, "dialog") },
  { name: "audit-log-action", path: () => "/settings/audit-log", open: choosing("Action") },
];

/** Every drop-down, menu, dialog and drawer of the console. */
export const openings: Record<string, Opening[]> = { shell, webhooks, webhook, history, settings };
