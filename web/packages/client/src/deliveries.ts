import { dataOf, type Posthorn } from "./client.ts";
import type { Query } from "./types.ts";

/** What a list of deliveries is filtered by. */
export type DeliveryFilters = Query<"list_deliveries">;
/** What an export is filtered by. */
export type ExportFilters = Omit<DeliveryFilters, "limit" | "offset" | "cursor">;

/** Deliveries, newest first: of one webhook, of one event, or of all. */
export const listDeliveries = (
  posthorn: Posthorn,
  of: { webhook?: string; event?: string },
  query: DeliveryFilters = {},
  signal?: AbortSignal,
) => {
  if (of.webhook !== undefined) {
    const params = { path: { id: of.webhook }, query: { ...query, event_id: of.event ?? query.event_id } };
    return dataOf(posthorn.http.GET("/api/v1/webhooks/{id}/deliveries", { params, signal }));
  }
  if (of.event !== undefined) {
    const params = { path: { id: of.event }, query };
    return dataOf(posthorn.http.GET("/api/v1/events/{id}/deliveries", { params, signal }));
  }
  return dataOf(posthorn.http.GET("/api/v1/deliveries", { params: { query }, signal }));
};

/** A delivery with its attempts, what was sent, and what was answered. */
export const getDelivery = (posthorn: Posthorn, id: string, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/deliveries/{id}", { params: { path: { id } }, signal }));

/** Attempts a delivery again, with its whole retry policy. */
export const retryDelivery = (posthorn: Posthorn, id: string) =>
  dataOf(posthorn.http.POST("/api/v1/deliveries/{id}/retry", { params: { path: { id } } }));

/** Deliveries as a file: the answer streams as long as there are rows. */
export const exportDeliveries = (
  posthorn: Posthorn,
  of: { webhook?: string },
  format: "csv" | "ndjson",
  filters: ExportFilters = {},
  signal?: AbortSignal,
): Promise<Response> => {
  const search = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(filters)) {
    if (value !== undefined && value !== null) search.set(name, String(value));
  }
  const scope = of.webhook === undefined ? "" : `/webhooks/${encodeURIComponent(of.webhook)}`;
  return posthorn.raw(`/api/v1${scope}/deliveries/export?${search}`, { signal });
};
