import { dataOf, type Posthorn } from "./client.ts";
import type { Query } from "./types.ts";

/** What a list of replays is filtered by. */
export type ReplayFilters = Query<"list_replays">;

/** Replays, newest first. */
export const listReplays = (posthorn: Posthorn, query: ReplayFilters = {}, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/replays", { params: { query }, signal }));

/** A replay and how far it has come. */
export const getReplay = (posthorn: Posthorn, id: string, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/replays/{id}", { params: { path: { id } }, signal }));

/** Stops a replay; what it has handed over is delivered. */
export const cancelReplay = (posthorn: Posthorn, id: string) =>
  dataOf(posthorn.http.POST("/api/v1/replays/{id}/cancel", { params: { path: { id } } }));
