export * from "./administration.ts";
export { createPosthorn, type Posthorn, type PosthornOptions } from "./client.ts";
export * from "./dead-letters.ts";
export * from "./deliveries.ts";
export * from "./event-types.ts";
export * from "./events.ts";
export { type Integration, integrationOf, integrations } from "./integrations.ts";
export { queryKeys } from "./keys.ts";
export {
  eventTypeLabel,
  operationalTypes,
  patternLabel,
  patternMatches,
  wantsOperational,
} from "./labels.ts";
export { ApiProblem } from "./problem.ts";
export * from "./replays.ts";
export * from "./statistics.ts";
export type * from "./types.ts";
export * from "./webhooks.ts";
