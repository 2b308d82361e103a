import type { AuditFilters, OffsetPage } from "./administration.ts";
import type { DeadLetterFilters } from "./dead-letters.ts";
import type { DeliveryFilters } from "./deliveries.ts";
import type { EventTypeFilters } from "./event-types.ts";
import type { EventFilters } from "./events.ts";
import type { ReplayFilters } from "./replays.ts";
import type { ActivityFilters, StatisticsRange } from "./statistics.ts";
import type { WebhookPreview } from "./types.ts";
import type { WebhookFilters } from "./webhooks.ts";

/** The tenant that a client acts in; undefined is its key's own. */
export type TenantOf = { readonly tenant: string | undefined };

/**
 * The keys of cached answers: `["posthorn", tenant, resource, …]`.
 *
 * They are stable: the same question has the same key in every version, and each key begins with those of what it is
 * part of. So all that is known of webhooks is forgotten by `invalidateQueries({ queryKey: queryKeys.webhooks.all(posthorn) })`,
 * and nothing of one tenant is ever shown in another.
 */
const of = (posthorn: TenantOf, ...rest: readonly unknown[]) =>
  ["posthorn", posthorn.tenant ?? null, ...rest] as const;

export const queryKeys = {
  all: (p: TenantOf) => of(p),
  webhooks: {
    all: (p: TenantOf) => of(p, "webhooks"),
    list: (p: TenantOf, filters: WebhookFilters = {}) => of(p, "webhooks", "list", filters),
    activity: (p: TenantOf, filters: ActivityFilters = {}) => of(p, "webhooks", "activity", filters),
    health: (p: TenantOf) => of(p, "webhooks", "health"),
    preview: (p: TenantOf, body: WebhookPreview) => of(p, "webhooks", "preview", body),
    detail: (p: TenantOf, id: string) => of(p, "webhooks", "detail", id),
    gate: (p: TenantOf, id: string) => of(p, "webhooks", "detail", id, "gate"),
    statistics: (p: TenantOf, id: string, range: StatisticsRange = {}) =>
      of(p, "webhooks", "detail", id, "statistics", range),
  },
  deliveries: {
    all: (p: TenantOf) => of(p, "deliveries"),
    list: (p: TenantOf, scope: { webhook?: string; event?: string } = {}, filters: DeliveryFilters = {}) =>
      of(p, "deliveries", "list", scope, filters),
    detail: (p: TenantOf, id: string) => of(p, "deliveries", "detail", id),
  },
  events: {
    all: (p: TenantOf) => of(p, "events"),
    list: (p: TenantOf, filters: EventFilters = {}) => of(p, "events", "list", filters),
    detail: (p: TenantOf, id: string) => of(p, "events", "detail", id),
  },
  eventTypes: {
    all: (p: TenantOf) => of(p, "event-types"),
    list: (p: TenantOf, filters: EventTypeFilters = {}) => of(p, "event-types", "list", filters),
    available: (p: TenantOf) => of(p, "event-types", "available"),
    detail: (p: TenantOf, name: string) => of(p, "event-types", "detail", name),
  },
  deadLetters: {
    all: (p: TenantOf) => of(p, "dead-letters"),
    list: (p: TenantOf, filters: DeadLetterFilters = {}) => of(p, "dead-letters", "list", filters),
    detail: (p: TenantOf, id: string) => of(p, "dead-letters", "detail", id),
  },
  replays: {
    all: (p: TenantOf) => of(p, "replays"),
    list: (p: TenantOf, filters?: ReplayFilters) =>
      filters === undefined ? of(p, "replays", "list") : of(p, "replays", "list", filters),
    detail: (p: TenantOf, id: string) => of(p, "replays", "detail", id),
  },
  statistics: {
    all: (p: TenantOf) => of(p, "statistics"),
    range: (p: TenantOf, range: StatisticsRange = {}) => of(p, "statistics", range),
  },
  administration: {
    apiKeys: (p: TenantOf, page?: OffsetPage) => of(p, "api-keys", ...(page ? [page] : [])),
    tenants: (p: TenantOf, page?: OffsetPage) => of(p, "tenants", ...(page ? [page] : [])),
    tenant: (p: TenantOf, id: string) => of(p, "tenants", id),
    auditLog: (p: TenantOf, filters: AuditFilters = {}) => of(p, "audit-log", filters),
    session: (p: TenantOf) => of(p, "session"),
    queue: (p: TenantOf) => of(p, "queue"),
  },
};
