import type { Webhook } from "@posthorn/client";

/** Whether a webhook gets deliveries, and if not, why and what to do. */
export interface WebhookState {
  kind: "enabled" | "disabled" | "gone" | "failing";
  label: string;
  explanation: string;
}

export function webhookState(webhook: Pick<Webhook, "enabled" | "disabled_reason">): WebhookState {
  if (webhook.enabled) {
    return { kind: "enabled", label: "Enabled", explanation: "Events that match are delivered." };
  }
  switch (webhook.disabled_reason) {
    case "gone":
      return {
        kind: "gone",
        label: "Gone",
        explanation:
          "Disabled by Posthorn: the receiver answered 410 Gone. Correct the URL, then enable it again.",
      };
    case "failing":
      return {
        kind: "failing",
        label: "Failing",
        explanation:
          "Disabled by Posthorn: every attempt had failed for days. Repair the receiver, then enable it again.",
      };
    default:
      return {
        kind: "disabled",
        label: "Disabled",
        explanation: "Disabled by hand. Events that happen meanwhile are not delivered.",
      };
  }
}
