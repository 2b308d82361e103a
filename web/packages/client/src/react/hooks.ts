import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { AuditFilters, OffsetPage } from "../administration.ts";
import type { DeadLetterFilters } from "../dead-letters.ts";
import type { DeliveryFilters } from "../deliveries.ts";
import type { EventTypeFilters } from "../event-types.ts";
import type { EventFilters } from "../events.ts";
import type { ReplayFilters } from "../replays.ts";
import type { ActivityFilters, StatisticsRange } from "../statistics.ts";
import type { WebhookPreview } from "../types.ts";
import type { WebhookFilters } from "../webhooks.ts";
import { usePosthorn } from "./provider.tsx";
import { queries } from "./queries.ts";

/** How often a page that is looked at asks again, in milliseconds; false: when it is opened. */
type Live = { refetchInterval?: number | false };
type Scope = { webhook?: string; event?: string };

export const useWebhooks = (filters?: WebhookFilters, live?: Live) =>
  useQuery({ ...queries.webhooks(usePosthorn(), filters), ...live });
export const useWebhook = (id: string, live?: Live) =>
  useQuery({ ...queries.webhook(usePosthorn(), id), ...live });
export const useWebhookGate = (id: string, live?: Live) =>
  useQuery({ ...queries.webhookGate(usePosthorn(), id), ...live });
/** What would be sent; undefined asks nothing, such as while the form holds no JSON. */
export const useWebhookPreview = (body: WebhookPreview | undefined) =>
  useQuery({ ...queries.webhookPreview(usePosthorn(), body ?? {}), enabled: body !== undefined });
export const useWebhookHealth = (live?: Live) =>
  useQuery({ ...queries.webhookHealth(usePosthorn()), ...live });
export const useWebhookActivity = (filters?: ActivityFilters, live?: Live) =>
  useQuery({ ...queries.webhookActivity(usePosthorn(), filters), ...live });
export const useWebhookStatistics = (id: string, range?: StatisticsRange, live?: Live) =>
  useQuery({ ...queries.webhookStatistics(usePosthorn(), id, range), ...live });
export const useStatistics = (range?: StatisticsRange, live?: Live) =>
  useQuery({ ...queries.statistics(usePosthorn(), range), ...live });
export const useDeliveries = (scope?: Scope, filters?: DeliveryFilters, live?: Live) =>
  useQuery({ ...queries.deliveries(usePosthorn(), scope, filters), ...live });
export const useDeliveryPages = (scope?: Scope, filters?: DeliveryFilters, live?: Live) =>
  useInfiniteQuery({ ...queries.deliveryPages(usePosthorn(), scope, filters), ...live });
export const useDelivery = (id: string, live?: Live) =>
  useQuery({ ...queries.delivery(usePosthorn(), id), ...live });
export const useEvents = (filters?: EventFilters, live?: Live) =>
  useQuery({ ...queries.events(usePosthorn(), filters), ...live });
export const useEventPages = (filters?: EventFilters, live?: Live) =>
  useInfiniteQuery({ ...queries.eventPages(usePosthorn(), filters), ...live });
export const useEvent = (id: string) => useQuery(queries.event(usePosthorn(), id));
export const useEventTypes = (filters?: EventTypeFilters) =>
  useQuery(queries.eventTypes(usePosthorn(), filters));
export const useEventTypePages = (filters?: Omit<EventTypeFilters, "offset">) =>
  useInfiniteQuery(queries.eventTypePages(usePosthorn(), filters));
export const useEventType = (name: string) => useQuery(queries.eventType(usePosthorn(), name));
export const useAvailableEvents = () => useQuery(queries.availableEvents(usePosthorn()));
export const useDeadLetters = (filters?: DeadLetterFilters, live?: Live) =>
  useQuery({ ...queries.deadLetters(usePosthorn(), filters), ...live });
export const useDeadLetterPages = (filters?: DeadLetterFilters, live?: Live) =>
  useInfiniteQuery({ ...queries.deadLetterPages(usePosthorn(), filters), ...live });
export const useDeadLetter = (id: string) => useQuery(queries.deadLetter(usePosthorn(), id));
export const useReplays = (live?: Live, filters?: ReplayFilters) =>
  useQuery({ ...queries.replays(usePosthorn(), filters), ...live });
/** A replay, watched until it has ended. */
export const useReplay = (id: string) => useQuery(queries.replay(usePosthorn(), id));
export const useApiKeys = (page?: OffsetPage) => useQuery(queries.apiKeys(usePosthorn(), page));
/** Who asks, and what they may do. */
export const useWhoami = () => useQuery(queries.session(usePosthorn()));
/** What waits in the queues of the whole installation; only an admin may know. */
export const useQueue = (live?: Live) => useQuery({ ...queries.queue(usePosthorn()), ...live });
export const useTenant = (id: string) => useQuery(queries.tenant(usePosthorn(), id));
export const useTenants = (page?: OffsetPage) => useQuery(queries.tenants(usePosthorn(), page));
export const useAuditLog = (filters?: AuditFilters, live?: Live) =>
  useQuery({ ...queries.auditLog(usePosthorn(), filters), ...live });
