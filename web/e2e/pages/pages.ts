import type { History } from "../stack/history.ts";

/** Every page of the console, by the name of its picture. */
export const pages: [string, (history: History) => string][] = [
  ["overview", () => "/"],
  ["webhooks", () => "/webhooks"],
  ["webhook-new", () => "/webhooks/new"],
  ["webhook", ({ failing }) => `/webhooks/${failing}`],
  ["webhook-statistics", ({ failing }) => `/webhooks/${failing}?tab=statistics`],
  ["webhook-settings", ({ failing }) => `/webhooks/${failing}?tab=settings`],
  ["webhook-secret", ({ webhook }) => `/webhooks/${webhook}?tab=secret`],
  ["webhook-replays", ({ webhook }) => `/webhooks/${webhook}?tab=replays`],
  ["webhook-edit", ({ failing }) => `/webhooks/${failing}/edit`],
  ["deliveries", () => "/deliveries"],
  ["delivery-delivered", ({ delivered }) => `/deliveries/${delivered}`],
  ["delivery-failed", ({ failed }) => `/deliveries/${failed}`],
  ["dead-letters", () => "/dead-letters"],
  ["replays", () => "/replays"],
  ["replay", ({ replay }) => `/replays/${replay}`],
  ["events", () => "/events"],
  ["event-send", () => "/events/new"],
  ["event", ({ event }) => `/events/${event}`],
  ["event-types", () => "/event-types"],
  ["event-type", () => "/event-types/invoice.paid"],
  ["settings-api-keys", () => "/settings/api-keys"],
  ["settings-tenants", () => "/settings/tenants"],
  ["settings-audit-log", () => "/settings/audit-log"],
];
