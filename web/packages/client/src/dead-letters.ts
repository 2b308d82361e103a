import { dataOf, type Posthorn } from "./client.ts";
import type { DeadLetterChoice, Query } from "./types.ts";

/** What a list of dead letters is filtered by. */
export type DeadLetterFilters = Query<"list_dead_letters">;

/** Dead letters, newest first. */
export const listDeadLetters = (posthorn: Posthorn, query: DeadLetterFilters = {}, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/dead-letters", { params: { query }, signal }));

/** A dead letter with its payload. */
export const getDeadLetter = (posthorn: Posthorn, id: string, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/dead-letters/{id}", { params: { path: { id } }, signal }));

/** Delivers the chosen ones again, as a replay that can be watched. */
export const retryDeadLetters = (posthorn: Posthorn, choice: DeadLetterChoice) =>
  dataOf(posthorn.http.POST("/api/v1/dead-letters/retry", { body: choice }));

/** Discards the chosen ones. */
export const discardDeadLetters = (posthorn: Posthorn, choice: Query<"discard_dead_letters">) =>
  dataOf(posthorn.http.DELETE("/api/v1/dead-letters", { params: { query: choice } }));
