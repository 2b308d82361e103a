import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import * as api from "../administration.ts";
import type { Posthorn } from "../client.ts";
import * as deadLetters from "../dead-letters.ts";
import * as deliveries from "../deliveries.ts";
import * as eventTypes from "../event-types.ts";
import * as events from "../events.ts";
import { queryKeys as keys } from "../keys.ts";
import * as replays from "../replays.ts";
import * as statistics from "../statistics.ts";
import type { WebhookPreview } from "../types.ts";
import * as webhooks from "../webhooks.ts";

/** The page that follows, where there is one: how all deep lists are read. */
const nextCursor = (page: { next_cursor?: string | null }) => page.next_cursor ?? undefined;
const firstPage = undefined as string | undefined;

/**
 * Every question as options of TanStack Query: for `useQuery`, for loaders of routes, for `ensureQueryData`.
 *
 * Deep lists have an endless form too (`…Pages`), which reads by cursor.
 */
export const queries = {
  webhooks: (p: Posthorn, filters: webhooks.WebhookFilters = {}) =>
    queryOptions({
      queryKey: keys.webhooks.list(p, filters),
      queryFn: ({ signal }) => webhooks.listWebhooks(p, filters, signal),
      placeholderData: keepPreviousData,
    }),
  webhook: (p: Posthorn, id: string) =>
    queryOptions({
      queryKey: keys.webhooks.detail(p, id),
      queryFn: ({ signal }) => webhooks.getWebhook(p, id, signal),
    }),
  webhookPreview: (p: Posthorn, body: WebhookPreview) =>
    queryOptions({
      queryKey: keys.webhooks.preview(p, body),
      queryFn: ({ signal }) => webhooks.previewWebhook(p, body, signal),
      placeholderData: keepPreviousData,
    }),
  webhookGate: (p: Posthorn, id: string) =>
    queryOptions({
      queryKey: keys.webhooks.gate(p, id),
      queryFn: ({ signal }) => webhooks.getWebhookGate(p, id, signal),
    }),
  webhookHealth: (p: Posthorn) =>
    queryOptions({
      queryKey: keys.webhooks.health(p),
      queryFn: ({ signal }) => webhooks.getWebhookHealth(p, signal),
    }),
  webhookActivity: (p: Posthorn, filters: statistics.ActivityFilters = {}) =>
    queryOptions({
      queryKey: keys.webhooks.activity(p, filters),
      queryFn: ({ signal }) => statistics.getWebhookActivity(p, filters, signal),
      placeholderData: keepPreviousData,
    }),
  webhookStatistics: (p: Posthorn, id: string, range: statistics.StatisticsRange = {}) =>
    queryOptions({
      queryKey: keys.webhooks.statistics(p, id, range),
      queryFn: ({ signal }) => statistics.getStatistics(p, { webhook: id }, range, signal),
      placeholderData: keepPreviousData,
    }),
  statistics: (p: Posthorn, range: statistics.StatisticsRange = {}) =>
    queryOptions({
      queryKey: keys.statistics.range(p, range),
      queryFn: ({ signal }) => statistics.getStatistics(p, {}, range, signal),
      placeholderData: keepPreviousData,
    }),
  deliveries: (
    p: Posthorn,
    scope: { webhook?: string; event?: string } = {},
    filters: deliveries.DeliveryFilters = {},
  ) =>
    queryOptions({
      queryKey: keys.deliveries.list(p, scope, filters),
      queryFn: ({ signal }) => deliveries.listDeliveries(p, scope, filters, signal),
      placeholderData: keepPreviousData,
    }),
  deliveryPages: (
    p: Posthorn,
    scope: { webhook?: string; event?: string } = {},
    filters: deliveries.DeliveryFilters = {},
  ) =>
    infiniteQueryOptions({
      queryKey: [...keys.deliveries.list(p, scope, filters), "pages"],
      queryFn: ({ signal, pageParam }) =>
        deliveries.listDeliveries(p, scope, { ...filters, cursor: pageParam }, signal),
      initialPageParam: firstPage,
      getNextPageParam: nextCursor,
      placeholderData: keepPreviousData,
    }),
  delivery: (p: Posthorn, id: string) =>
    queryOptions({
      queryKey: keys.deliveries.detail(p, id),
      queryFn: ({ signal }) => deliveries.getDelivery(p, id, signal),
    }),
  events: (p: Posthorn, filters: events.EventFilters = {}) =>
    queryOptions({
      queryKey: keys.events.list(p, filters),
      queryFn: ({ signal }) => events.listEvents(p, filters, signal),
      placeholderData: keepPreviousData,
    }),
  eventPages: (p: Posthorn, filters: events.EventFilters = {}) =>
    infiniteQueryOptions({
      queryKey: [...keys.events.list(p, filters), "pages"],
      queryFn: ({ signal, pageParam }) => events.listEvents(p, { ...filters, cursor: pageParam }, signal),
      initialPageParam: firstPage,
      getNextPageParam: nextCursor,
      placeholderData: keepPreviousData,
    }),
  event: (p: Posthorn, id: string) =>
    queryOptions({
      queryKey: keys.events.detail(p, id),
      queryFn: ({ signal }) => events.getEvent(p, id, signal),
    }),
  eventTypes: (p: Posthorn, filters: eventTypes.EventTypeFilters = {}) =>
    queryOptions({
      queryKey: keys.eventTypes.list(p, filters),
      queryFn: ({ signal }) => eventTypes.listEventTypes(p, filters, signal),
      placeholderData: keepPreviousData,
    }),
  eventTypePages: (p: Posthorn, filters: Omit<eventTypes.EventTypeFilters, "offset"> = {}) =>
    infiniteQueryOptions({
      queryKey: [...keys.eventTypes.list(p, filters), "pages"],
      queryFn: ({ signal, pageParam }) =>
        eventTypes.listEventTypes(p, { ...filters, offset: pageParam }, signal),
      initialPageParam: 0,
      getNextPageParam: (page, pages) => {
        const read = pages.reduce((sum, { event_types }) => sum + event_types.length, 0);
        return page.event_types.length > 0 && read < page.total ? read : undefined;
      },
      placeholderData: keepPreviousData,
    }),
  eventType: (p: Posthorn, name: string) =>
    queryOptions({
      queryKey: keys.eventTypes.detail(p, name),
      queryFn: ({ signal }) => eventTypes.getEventType(p, name, signal),
    }),
  /** With what was published lately: a catalogue may be empty. */
  availableEvents: (p: Posthorn) =>
    queryOptions({
      queryKey: keys.eventTypes.available(p),
      queryFn: ({ signal }) => webhooks.listAvailableEvents(p, { seen: true }, signal),
    }),
  deadLetters: (p: Posthorn, filters: deadLetters.DeadLetterFilters = {}) =>
    queryOptions({
      queryKey: keys.deadLetters.list(p, filters),
      queryFn: ({ signal }) => deadLetters.listDeadLetters(p, filters, signal),
      placeholderData: keepPreviousData,
    }),
  deadLetterPages: (p: Posthorn, filters: deadLetters.DeadLetterFilters = {}) =>
    infiniteQueryOptions({
      queryKey: [...keys.deadLetters.list(p, filters), "pages"],
      queryFn: ({ signal, pageParam }) =>
        deadLetters.listDeadLetters(
          p,
          { ...filters, cursor: pageParam === undefined ? undefined : Number(pageParam) },
          signal,
        ),
      initialPageParam: firstPage,
      getNextPageParam: nextCursor,
      placeholderData: keepPreviousData,
    }),
  deadLetter: (p: Posthorn, id: string) =>
    queryOptions({
      queryKey: keys.deadLetters.detail(p, id),
      queryFn: ({ signal }) => deadLetters.getDeadLetter(p, id, signal),
    }),
  replays: (p: Posthorn, filters?: replays.ReplayFilters) =>
    queryOptions({
      queryKey: keys.replays.list(p, filters),
      queryFn: ({ signal }) => replays.listReplays(p, filters, signal),
    }),
  replay: (p: Posthorn, id: string) =>
    queryOptions({
      queryKey: keys.replays.detail(p, id),
      queryFn: ({ signal }) => replays.getReplay(p, id, signal),
      // Watched until it has ended.
      refetchInterval: ({ state }) =>
        state.data?.status === "queued" || state.data?.status === "running" ? 1_000 : false,
    }),
  apiKeys: (p: Posthorn, page: api.OffsetPage = { limit: 500 }) =>
    queryOptions({
      queryKey: keys.administration.apiKeys(p, page),
      queryFn: ({ signal }) => api.listApiKeys(p, page, signal),
      placeholderData: keepPreviousData,
    }),
  tenant: (p: Posthorn, id: string) =>
    queryOptions({
      queryKey: keys.administration.tenant(p, id),
      queryFn: ({ signal }) => api.getTenant(p, id, signal),
    }),
  session: (p: Posthorn) =>
    queryOptions({
      queryKey: keys.administration.session(p),
      queryFn: ({ signal }) => api.getSession(p, signal),
    }),
  queue: (p: Posthorn) =>
    queryOptions({
      queryKey: keys.administration.queue(p),
      queryFn: ({ signal }) => api.getQueue(p, signal),
    }),
  tenants: (p: Posthorn, page: api.OffsetPage = { limit: 500 }) =>
    queryOptions({
      queryKey: keys.administration.tenants(p, page),
      queryFn: ({ signal }) => api.listTenants(p, page, signal),
      placeholderData: keepPreviousData,
    }),
  auditLog: (p: Posthorn, filters: api.AuditFilters = {}) =>
    queryOptions({
      queryKey: keys.administration.auditLog(p, filters),
      queryFn: ({ signal }) => api.listAuditLog(p, filters, signal),
      placeholderData: keepPreviousData,
    }),
};
