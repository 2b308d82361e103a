import type { AuditEntry } from "@posthorn/client";
import { capital } from "../../../parts/capital.ts";
import { duration, exactTime } from "../../../parts/time.ts";

/** Every action that the log tells, in words, by what it was done to. */
export const actions: readonly { group: string; items: readonly { value: string; label: string }[] }[] = [
  {
    group: "Webhooks",
    items: [
      { value: "webhook.created", label: "Webhook created" },
      { value: "webhook.updated", label: "Webhook changed" },
      { value: "webhook.enabled", label: "Webhook enabled" },
      { value: "webhook.disabled", label: "Webhook disabled" },
      { value: "webhook.deleted", label: "Webhook deleted" },
      { value: "webhook.replayed", label: "Webhook's events replayed" },
      { value: "webhook.tested", label: "Webhook tested" },
      { value: "webhook.probed", label: "URL probed" },
      { value: "webhook.previewed", label: "Request previewed" },
      { value: "webhook.secret_revealed", label: "Signing secret revealed" },
      { value: "webhook.secret_rotated", label: "Signing secret rotated" },
    ],
  },
  {
    group: "Deliveries and events",
    items: [
      { value: "delivery.retried", label: "Delivery retried" },
      { value: "event.replayed", label: "Event replayed" },
      { value: "replay.cancelled", label: "Replay cancelled" },
      { value: "dead_letters.retried", label: "Dead letters retried" },
      { value: "dead_letters.discarded", label: "Dead letters discarded" },
    ],
  },
  {
    group: "Event types",
    items: [
      { value: "event_type.created", label: "Event type created" },
      { value: "event_type.updated", label: "Event type changed" },
      { value: "event_type.deleted", label: "Event type deleted" },
    ],
  },
  {
    group: "Access",
    items: [
      { value: "api_key.created", label: "API key created" },
      { value: "api_key.deleted", label: "API key revoked" },
      { value: "tenant.created", label: "Tenant created" },
      { value: "tenant.deleted", label: "Tenant deleted" },
    ],
  },
];

const labels = new Map(actions.flatMap(({ items }) => items.map(({ value, label }) => [value, label])));

/** What was done, in words; of an action that is newer than these, its name. */
export function actionLabel(action: string): string {
  return labels.get(action) ?? action;
}

/** A detail of an entry: what it is called, and what it says. */
export interface Detail {
  name: string;
  value: string;
}

/** What is told elsewhere: what was changed by its name, its replay by a link. */
const toldElsewhere = new Set(["name", "replay_id"]);

/** The details of an entry, to be read. */
export function detailsOf({ details }: Pick<AuditEntry, "details">): Detail[] {
  return Object.entries(details).flatMap(([name, value]) =>
    toldElsewhere.has(name) || isNothing(value) ? [] : detail(name, value),
  );
}

function detail(name: string, value: unknown): Detail[] {
  if (name === "overlap_seconds") {
    const seconds = Number(value);
    return [
      { name: "Old secret", value: seconds === 0 ? "void at once" : `good for ${duration(seconds * 1000)}` },
    ];
  }
  if (name === "changed" && Array.isArray(value)) {
    return [{ name: "Changed", value: value.map((field) => words(String(field))).join(", ") }];
  }
  if (name === "url" && isMove(value)) return [{ name: "Moved", value: `${value.from} → ${value.to}` }];
  if (name === "selection" && typeof value === "object" && !Array.isArray(value) && value !== null) {
    return Object.entries(value).flatMap(([part, chosen]) => (isNothing(chosen) ? [] : detail(part, chosen)));
  }
  if (name === "selection" && Array.isArray(value)) {
    return [{ name: "Webhooks", value: value.length.toLocaleString("en") }];
  }
  if ((name === "since" || name === "until") && typeof value === "string") {
    return [{ name: capital(name), value: exactTime(value) }];
  }
  return [{ name: capital(words(name)), value: text(value) }];
}

/** Where requests went, and where they go now. */
function isMove(value: unknown): value is { from: string; to: string } {
  return typeof value === "object" && value !== null && "from" in value && "to" in value;
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(", ");
  if (typeof value === "number") return value.toLocaleString("en");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function words(name: string): string {
  return name.replaceAll("_", " ").replace(/\bapi\b/, "API");
}
