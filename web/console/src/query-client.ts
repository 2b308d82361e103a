import { ApiProblem } from "@posthorn/client";
import { QueryClient } from "@tanstack/react-query";

/** A temporary problem is tried so often before it is shown. */
const RETRIES_MAX = 2;
/** What was asked so short a time ago is not asked again when another part of the page wants it, in milliseconds. */
const FRESH_MS = 2_000;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) =>
          failures < RETRIES_MAX && (!(error instanceof ApiProblem) || error.isTemporary),
      },
    },
  });
}
