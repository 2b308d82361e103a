import { dataOf, type Posthorn } from "./client.ts";
import type { Query } from "./types.ts";

/** The time that statistics cover, and the width of their buckets. */
export type StatisticsRange = Query<"get_statistics">;

/** Deliveries over time, by event type, and their latency: of one webhook or of all. */
export const getStatistics = (
  posthorn: Posthorn,
  of: { webhook?: string } = {},
  query: StatisticsRange = {},
  signal?: AbortSignal,
) =>
  of.webhook === undefined
    ? dataOf(posthorn.http.GET("/api/v1/stats", { params: { query }, signal }))
    : dataOf(
        posthorn.http.GET("/api/v1/webhooks/{id}/stats", {
          params: { path: { id: of.webhook }, query },
          signal,
        }),
      );

/** What webhooks are asked about; `ids` are separated by commas. */
export type ActivityFilters = Query<"get_webhook_activity">;

/** Many webhooks at a glance, those in trouble first: what is wrong with each, and how it fared by the hour. */
export const getWebhookActivity = (posthorn: Posthorn, query: ActivityFilters = {}, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/webhooks/activity", { params: { query }, signal }));
