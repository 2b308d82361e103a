import { dataOf, type Posthorn } from "./client.ts";
import type {
  CreatedWebhook,
  Probe,
  Query,
  Rotation,
  Webhook,
  WebhookInput,
  WebhookPatch,
  WebhookPreview,
  WebhookReplay,
  WebhookTest,
} from "./types.ts";

/** What a list of webhooks is filtered by. */
export type WebhookFilters = Query<"list_webhooks">;

/** What must hold for a change to be made. */
export interface ChangeCondition {
  /** The `etag` of {@link getWebhookVersion}: refused with 412 if somebody changed the settings since. */
  ifMatch?: string | undefined;
  /** Asks the URL first, and refuses one at which nobody answers. */
  probe?: boolean | undefined;
}

const at = (id: string) => ({ params: { path: { id } } });
const conditionally = (id: string, { ifMatch, probe }: ChangeCondition) => ({
  path: { id },
  query: { probe },
  header: { "If-Match": ifMatch },
});

/** Webhooks, by name and page. Disabled ones are listed only where `enabled` is not set to true. */
export const listWebhooks = (posthorn: Posthorn, query: WebhookFilters = {}, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/webhooks", { params: { query }, signal }));

export const getWebhook = (posthorn: Posthorn, id: string, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/webhooks/{id}", { ...at(id), signal }));

/** A webhook and what names this version of its settings, for {@link ChangeCondition.ifMatch}. */
export async function getWebhookVersion(
  posthorn: Posthorn,
  id: string,
  signal?: AbortSignal,
): Promise<{ webhook: Webhook; etag: string | undefined }> {
  const answer = posthorn.http.GET("/api/v1/webhooks/{id}", { ...at(id), signal });
  const webhook = await dataOf(answer);
  // A proxy that compresses answers makes the tag a weak one; what it names is the same version.
  const etag = (await answer).response.headers.get("etag")?.replace(/^W\//, "");
  return { webhook, etag };
}

/** Creates a webhook; the answer is the only one that holds its signing secret. `probe` asks the URL first. */
export const createWebhook = (
  posthorn: Posthorn,
  body: WebhookInput,
  query: Query<"create_webhook"> = {},
): Promise<CreatedWebhook> => dataOf(posthorn.http.POST("/api/v1/webhooks", { params: { query }, body }));

/** Replaces all settings; what is absent has its default again. */
export const replaceWebhook = (
  posthorn: Posthorn,
  id: string,
  body: WebhookInput,
  condition: ChangeCondition = {},
): Promise<Webhook> =>
  dataOf(posthorn.http.PUT("/api/v1/webhooks/{id}", { params: conditionally(id, condition), body }));

/** Changes what is present; null is the default. */
export const patchWebhook = (
  posthorn: Posthorn,
  id: string,
  body: WebhookPatch,
  condition: ChangeCondition = {},
): Promise<Webhook> =>
  dataOf(
    posthorn.http.PATCH("/api/v1/webhooks/{id}", {
      params: conditionally(id, condition),
      body,
      headers: { "content-type": "application/merge-patch+json" },
    }),
  );

/** Deletes a webhook with its deliveries. */
export const deleteWebhook = (posthorn: Posthorn, id: string) =>
  dataOf(posthorn.http.DELETE("/api/v1/webhooks/{id}", at(id)));

export const enableWebhook = (posthorn: Posthorn, id: string) =>
  dataOf(posthorn.http.POST("/api/v1/webhooks/{id}/enable", at(id)));

/** Disables a webhook; its waiting retries become dead letters. */
export const disableWebhook = (posthorn: Posthorn, id: string) =>
  dataOf(posthorn.http.POST("/api/v1/webhooks/{id}/disable", at(id)));

/** Sends one real signed request that is not recorded, and tells the answer. */
export const testWebhook = (posthorn: Posthorn, id: string, body: WebhookTest) =>
  dataOf(posthorn.http.POST("/api/v1/webhooks/{id}/test", { ...at(id), body }));

/** What would be sent for an event by a webhook as it is, or as it would be with other settings. Sends nothing. */
export const previewWebhook = (posthorn: Posthorn, body: WebhookPreview, signal?: AbortSignal) =>
  dataOf(posthorn.http.POST("/api/v1/webhooks/preview", { body, signal }));

/** Asks a URL whether somebody answers there. */
export const probeUrl = (posthorn: Posthorn, body: Probe) =>
  dataOf(posthorn.http.POST("/api/v1/webhooks/probe", { body }));

/** Tells the signing secret; this is audited. */
export const revealSecret = (posthorn: Posthorn, id: string) =>
  dataOf(posthorn.http.GET("/api/v1/webhooks/{id}/secret", at(id)));

/** Gives a webhook another secret; until the overlap ends both sign. */
export const rotateSecret = (posthorn: Posthorn, id: string, body: Rotation) =>
  dataOf(posthorn.http.POST("/api/v1/webhooks/{id}/secret/rotate", { ...at(id), body }));

/** What holds a webhook's deliveries up now: its breaker, its receiver's wish, its rate limit. */
export const getWebhookGate = (posthorn: Posthorn, id: string, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/webhooks/{id}/gate", { ...at(id), signal }));

/** Delivers a range of time again. */
export const replayWebhook = (posthorn: Posthorn, id: string, body: WebhookReplay) =>
  dataOf(posthorn.http.POST("/api/v1/webhooks/{id}/replay", { ...at(id), body }));

/** How many webhooks there are, and how they do. */
export const getWebhookHealth = (posthorn: Posthorn, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/webhooks/health", { signal }));

/** Names of the event types that a webhook can ask for; with `seen` also of those that were published lately. */
export const listAvailableEvents = (
  posthorn: Posthorn,
  query: { seen?: boolean } = {},
  signal?: AbortSignal,
) => dataOf(posthorn.http.GET("/api/v1/webhooks/events/available", { params: { query }, signal }));
