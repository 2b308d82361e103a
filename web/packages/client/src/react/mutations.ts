import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import * as api from "../administration.ts";
import type { Posthorn } from "../client.ts";
import { discardDeadLetters, retryDeadLetters } from "../dead-letters.ts";
import { retryDelivery } from "../deliveries.ts";
import * as eventTypes from "../event-types.ts";
import { eraseEvent, publishEvents, replayEvent } from "../events.ts";
import { queryKeys as keys } from "../keys.ts";
import { cancelReplay } from "../replays.ts";
import type {
  ApiKeyInput,
  DeadLetterChoice,
  EventInput,
  EventTypeSettings,
  NewEventType,
  Rotation,
  Webhook,
  WebhookInput,
  WebhookPatch,
  WebhookReplay,
  WebhookTest,
} from "../types.ts";
import * as webhooks from "../webhooks.ts";
import { usePosthorn } from "./provider.tsx";

/**
 * A change; what it makes out of date is asked for again, whether it succeeded or not. What was asked about a thing that
 * is deleted now is not: the page that shows it is about to be left, and the answer would be 404.
 */
function useChange<Input, Output>(
  change: (posthorn: Posthorn, input: Input) => Promise<Output>,
  outdated: (posthorn: Posthorn, input: Input) => readonly QueryKey[],
  deleted: (input: Input) => string | undefined = () => undefined,
) {
  const posthorn = usePosthorn();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => change(posthorn, input),
    onSettled: (_output, error, input) => {
      const id = error === null ? deleted(input) : undefined;
      // The hash holds all parts of the key, wherever in it the id stands.
      const quoted = id === undefined ? undefined : JSON.stringify(id);
      const isWanted = ({ queryHash }: { queryHash: string }) =>
        quoted === undefined || !queryHash.includes(quoted);
      return Promise.all(
        outdated(posthorn, input).map((queryKey) =>
          cache.invalidateQueries({ queryKey, predicate: isWanted }),
        ),
      );
    },
  });
}

const ofWebhooks = (p: Posthorn) => [keys.webhooks.all(p)];

export const useCreateWebhook = () =>
  useChange(
    (p, { probe, ...body }: WebhookInput & { probe?: boolean }) => webhooks.createWebhook(p, body, { probe }),
    ofWebhooks,
  );
export const useReplaceWebhook = () =>
  useChange(
    (p, { id, body, ...condition }: { id: string; body: WebhookInput } & webhooks.ChangeCondition) =>
      webhooks.replaceWebhook(p, id, body, condition),
    ofWebhooks,
  );
export const usePatchWebhook = () =>
  useChange(
    (p, { id, body, ...condition }: { id: string; body: WebhookPatch } & webhooks.ChangeCondition) =>
      webhooks.patchWebhook(p, id, body, condition),
    ofWebhooks,
  );
export const useDeleteWebhook = () =>
  useChange(
    (p, id: string) => webhooks.deleteWebhook(p, id),
    (p) => [keys.webhooks.all(p), keys.deliveries.all(p), keys.deadLetters.all(p)],
    (id) => id,
  );

/** Enables or disables a webhook. It is shown as it will be at once, and as it was if that fails. */
export function useToggleWebhook() {
  const posthorn = usePosthorn();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, enabled }: { id: string; enabled: boolean }) =>
      enabled ? webhooks.enableWebhook(posthorn, id) : webhooks.disableWebhook(posthorn, id),
    onMutate: async ({ id, enabled }) => {
      const queryKey = keys.webhooks.all(posthorn);
      await cache.cancelQueries({ queryKey });
      const before = cache.getQueriesData({ queryKey });
      const toggled = (webhook: Webhook) => (webhook.id === id ? { ...webhook, enabled } : webhook);
      cache.setQueryData<Webhook>(
        keys.webhooks.detail(posthorn, id),
        (webhook) => webhook && toggled(webhook),
      );
      cache.setQueriesData<{ webhooks: Webhook[] }>(
        { queryKey: [...queryKey, "list"] },
        (list) => list && { ...list, webhooks: list.webhooks.map(toggled) },
      );
      return { before };
    },
    onError: (_error, _input, context) => {
      for (const [key, data] of context?.before ?? []) cache.setQueryData(key, data);
    },
    onSettled: () =>
      Promise.all(
        [keys.webhooks.all(posthorn), keys.deliveries.all(posthorn), keys.deadLetters.all(posthorn)].map(
          (queryKey) => cache.invalidateQueries({ queryKey }),
        ),
      ),
  });
}

export const useTestWebhook = () =>
  useChange(
    (p, { id, body }: { id: string; body: WebhookTest }) => webhooks.testWebhook(p, id, body),
    () => [],
  );
/** Asks a URL whether somebody answers there. */
export const useProbeUrl = () =>
  useChange(
    (p, url: string) => webhooks.probeUrl(p, { url }),
    () => [],
  );
/** Asks for the secret anew each time: it is never cached. */
export const useRevealSecret = () =>
  useChange(
    (p, id: string) => webhooks.revealSecret(p, id),
    () => [],
  );
export const useRotateSecret = () =>
  useChange(
    (p, { id, body }: { id: string; body: Rotation }) => webhooks.rotateSecret(p, id, body),
    ofWebhooks,
  );
export const useReplayWebhook = () =>
  useChange(
    (p, { id, body }: { id: string; body: WebhookReplay }) => webhooks.replayWebhook(p, id, body),
    (p) => [keys.replays.all(p)],
  );
export const useRetryDelivery = () =>
  useChange(
    (p, id: string) => retryDelivery(p, id),
    (p) => [keys.deliveries.all(p), keys.deadLetters.all(p)],
  );
export const useRetryDeadLetters = () =>
  useChange(
    (p, choice: DeadLetterChoice) => retryDeadLetters(p, choice),
    (p) => [keys.deadLetters.all(p), keys.replays.all(p)],
  );
export const useDiscardDeadLetters = () =>
  useChange(
    (p, choice: Parameters<typeof discardDeadLetters>[1]) => discardDeadLetters(p, choice),
    (p) => [keys.deadLetters.all(p)],
  );
export const useCancelReplay = () =>
  useChange(
    (p, id: string) => cancelReplay(p, id),
    (p) => [keys.replays.all(p)],
  );
export const usePublishEvents = () =>
  useChange(
    (p, events: EventInput | EventInput[]) => publishEvents(p, events),
    (p) => [keys.events.all(p), keys.deliveries.all(p)],
  );
export const useReplayEvent = () =>
  useChange(
    (p, { id, webhooks }: { id: string; webhooks?: string[] }) => replayEvent(p, id, webhooks),
    (p) => [keys.replays.all(p), keys.deliveries.all(p)],
  );
export const useEraseEvent = () =>
  useChange(
    (p, id: string) => eraseEvent(p, id),
    (p) => [keys.events.all(p), keys.deliveries.all(p), keys.deadLetters.all(p)],
  );
export const useCreateEventType = () =>
  useChange(
    (p, body: NewEventType) => eventTypes.createEventType(p, body),
    (p) => [keys.eventTypes.all(p)],
  );
export const useReplaceEventType = () =>
  useChange(
    (p, { name, body }: { name: string; body: EventTypeSettings }) =>
      eventTypes.replaceEventType(p, name, body),
    (p) => [keys.eventTypes.all(p)],
  );
export const useDeleteEventType = () =>
  useChange(
    (p, name: string) => eventTypes.deleteEventType(p, name),
    (p) => [keys.eventTypes.all(p)],
    (name) => name,
  );
export const useImportEventTypes = () =>
  useChange(
    (p, document: unknown) => eventTypes.importEventTypes(p, document),
    (p) => [keys.eventTypes.all(p)],
  );
export const useCreateApiKey = () =>
  useChange(
    (p, body: ApiKeyInput) => api.createApiKey(p, body),
    (p) => [keys.administration.apiKeys(p)],
  );
export const useDeleteApiKey = () =>
  useChange(
    (p, id: string) => api.deleteApiKey(p, id),
    (p) => [keys.administration.apiKeys(p)],
  );
export const useCreateTenant = () =>
  useChange(
    (p, id: string) => api.createTenant(p, id),
    (p) => [keys.administration.tenants(p)],
  );
export const useDeleteTenant = () =>
  useChange(
    (p, id: string) => api.deleteTenant(p, id),
    (p) => [keys.administration.tenants(p)],
  );
