import { getWebhookVersion, queryKeys } from "@posthorn/client";
import { usePosthorn } from "@posthorn/client/react";
import { useQuery } from "@tanstack/react-query";

/** A webhook, and the name of the version that it was read in. */
export type Loaded = Awaited<ReturnType<typeof getWebhookVersion>>;

/** The webhook as it is when somebody begins to edit it: read anew each time, and then left alone. */
export function useLoaded(id: string) {
  const posthorn = usePosthorn();
  return useQuery({
    queryKey: [...queryKeys.webhooks.detail(posthorn, id), "version"],
    queryFn: ({ signal }) => getWebhookVersion(posthorn, id, signal),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
