import { dataOf, type Posthorn } from "./client.ts";
import type { EventInput, Query } from "./types.ts";

/** What a list of events is filtered by. */
export type EventFilters = Query<"list_events">;

/** Publishes events; the answer comes when all are stored. */
export const publishEvents = (posthorn: Posthorn, events: EventInput | EventInput[]) =>
  // The document also names CloudEvents here, whose schema is any object.
  dataOf(posthorn.http.POST("/api/v1/events", { body: events as never }));

/** The log of events, newest first. */
export const listEvents = (posthorn: Posthorn, query: EventFilters = {}, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/events", { params: { query }, signal }));

/** An event with its data. */
export const getEvent = (posthorn: Posthorn, id: string, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/events/{id}", { params: { path: { id } }, signal }));

/** Erases the payload of an event for good; its records stay. */
export const eraseEvent = (posthorn: Posthorn, id: string) =>
  dataOf(posthorn.http.DELETE("/api/v1/events/{id}", { params: { path: { id } } }));

/** Erases the payloads of all events that pass; the answer names the erasure. */
export const eraseEvents = (posthorn: Posthorn, query: Query<"erase_events">) =>
  dataOf(posthorn.http.DELETE("/api/v1/events", { params: { query } }));

/** How far an erasure is. */
export const getErasure = (posthorn: Posthorn, id: string, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/erasures/{id}", { params: { path: { id } }, signal }));

/** Delivers an event again: to these webhooks, or to all that match it. */
export const replayEvent = (posthorn: Posthorn, id: string, webhookIds?: string[]) =>
  dataOf(
    posthorn.http.POST("/api/v1/events/{id}/replay", {
      params: { path: { id } },
      body: webhookIds === undefined ? {} : { webhook_ids: webhookIds },
    }),
  );
