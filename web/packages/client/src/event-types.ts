import { dataOf, type Posthorn } from "./client.ts";
import type { EventTypeSettings, NewEventType, Query } from "./types.ts";

/** What the catalogue is filtered by. */
export type EventTypeFilters = Query<"list_event_types">;

const at = (name: string) => ({ params: { path: { name } } });

/** The catalogue. */
export const listEventTypes = (posthorn: Posthorn, query: EventTypeFilters = {}, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/event-types", { params: { query }, signal }));

export const getEventType = (posthorn: Posthorn, name: string, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/event-types/{name}", { ...at(name), signal }));

export const createEventType = (posthorn: Posthorn, body: NewEventType) =>
  dataOf(posthorn.http.POST("/api/v1/event-types", { body }));

export const replaceEventType = (posthorn: Posthorn, name: string, body: EventTypeSettings) =>
  dataOf(posthorn.http.PUT("/api/v1/event-types/{name}", { ...at(name), body }));

export const deleteEventType = (posthorn: Posthorn, name: string) =>
  dataOf(posthorn.http.DELETE("/api/v1/event-types/{name}", at(name)));

/** Creates or replaces many: a list of event types, or an OpenAPI document with webhooks. */
export const importEventTypes = (posthorn: Posthorn, document: unknown) =>
  dataOf(posthorn.http.POST("/api/v1/event-types/import", { body: document as never }));
