import type { Webhook, WebhookGate } from "@posthorn/client";
import { queries, usePosthorn, useWebhooks } from "@posthorn/client/react";
import { useQueries } from "@tanstack/react-query";
import { LIVE_MS } from "./live.ts";

/** What is wrong with a webhook: the first of these that holds. */
export type Condition = "disabled" | "down" | "throttled" | "failing";

export interface Troubled {
  id: string;
  name: string;
  condition: Condition;
  /** Since when, or for a throttled one until when. */
  at: string | null;
}

/** So many webhooks are looked at. */
const WEBHOOKS_MAX = 500;
/** So many are asked what holds them up. */
const GATES_MAX = 20;

/** The webhooks that want somebody's attention; undefined while they are not known. */
export function useTroubled(): { troubled: Troubled[] | undefined; problem: unknown } {
  const posthorn = usePosthorn();
  const { data, error } = useWebhooks({ limit: WEBHOOKS_MAX }, { refetchInterval: LIVE_MS });
  const suspects = data?.webhooks.filter(isSuspect) ?? [];
  const gates = useQueries({
    queries: suspects
      .filter(({ enabled }) => enabled)
      .slice(0, GATES_MAX)
      .map(({ id }) => ({ ...queries.webhookGate(posthorn, id), refetchInterval: LIVE_MS })),
    combine: (results) => results.map((result) => result.data),
  });
  const enabled = suspects.filter((webhook) => webhook.enabled);
  const gateOf = (webhook: Webhook) => gates[enabled.indexOf(webhook)];
  return {
    troubled: data && suspects.map((webhook) => troubledOf(webhook, gateOf(webhook))).sort(byWeight),
    problem: error,
  };
}

function isSuspect({ enabled, last_delivery_status: last }: Webhook): boolean {
  return !enabled || last === "failed" || last === "retrying";
}

export function troubledOf(webhook: Webhook, gate: WebhookGate | undefined): Troubled {
  const { id, name } = webhook;
  const is = (condition: Condition, at: string | null | undefined) => ({
    id,
    name,
    condition,
    at: at ?? null,
  });
  if (!webhook.enabled) return is("disabled", webhook.updated_at);
  if (gate !== undefined && gate.breaker.state !== "closed") return is("down", gate.breaker.opened_at);
  if (gate?.throttled_until) return is("throttled", gate.throttled_until);
  return is("failing", webhook.last_delivery_at);
}

const weights: Record<Condition, number> = { down: 0, failing: 1, throttled: 2, disabled: 3 };

const byWeight = (one: Troubled, other: Troubled) => weights[one.condition] - weights[other.condition];
