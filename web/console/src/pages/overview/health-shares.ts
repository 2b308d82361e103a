import type { WebhookHealth } from "@posthorn/client";

/** The webhooks in groups of how they fare, as shares of all in percent. */
export function healthShares(health: WebhookHealth) {
  const {
    total_webhooks: total,
    enabled_webhooks: enabled,
    healthy_webhooks: healthy,
    unhealthy_webhooks: unhealthy,
  } = health;
  const between = Math.max(0, enabled - healthy - unhealthy);
  const groups = [
    {
      label: "healthy",
      amount: healthy,
      color: "teal",
      meaning: "More than 90 % of what settled in 24 hours succeeded",
    },
    {
      label: "unhealthy",
      amount: unhealthy,
      color: "red",
      meaning: "Less than 50 % of what settled in 24 hours succeeded",
    },
    {
      label: "in between or idle",
      amount: between,
      color: "blue",
      meaning: "From 50 % to 90 % succeeded, or nothing was delivered in 24 hours",
    },
    {
      label: "disabled",
      amount: Math.max(0, total - enabled),
      color: "gray",
      meaning: "Nothing is sent to them",
    },
  ];
  return groups.map((group) => ({ ...group, share: total === 0 ? 0 : (100 * group.amount) / total }));
}
