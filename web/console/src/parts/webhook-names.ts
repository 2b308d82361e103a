import { useWebhooks } from "@posthorn/client/react";

/** Most that the api lists at once. */
const WEBHOOKS_MAX = 500;

/** Says what a webhook is called by its id; of one that is not among the first few hundred, the end of its id. */
export function useWebhookNames(): (id: string) => string {
  const { data } = useWebhooks({ limit: WEBHOOKS_MAX });
  return (id) => data?.webhooks.find((webhook) => webhook.id === id)?.name ?? shortId(id);
}

/** An id's end, which tells it from its neighbours: ids begin with their time. */
export function shortId(id: string): string {
  return `…${id.slice(-8)}`;
}
