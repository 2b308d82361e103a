import type { WebhookActivity } from "@posthorn/client";
import { useWebhookActivity } from "@posthorn/client/react";

const LIVE_MS = 5_000;

/** What is wrong with a webhook now, live, as the list says it too; undefined: nothing, or nothing is known yet. */
export function useCondition(id: string): WebhookActivity["condition"] | undefined {
  const { data } = useWebhookActivity({ ids: id, limit: 1 }, { refetchInterval: LIVE_MS });
  return data?.webhooks.find(({ webhook_id }) => webhook_id === id)?.condition;
}
