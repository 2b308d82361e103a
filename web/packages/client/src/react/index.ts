export * from "./hooks.ts";
export * from "./mutations.ts";
export { PosthornProvider, usePosthorn } from "./provider.tsx";
export { queries } from "./queries.ts";
