import type { Webhook, WebhookActivity } from "@posthorn/client";

/** Whether a webhook gets deliveries, and if not, why and what to do. */
export interface WebhookState {
  kind: "enabled" | "disabled" | "gone" | "gave-up" | "down" | "throttled" | "failing";
  label: string;
  explanation: string;
}

/** How a webhook stands; `condition` is what is wrong with it now, where that is known. */
export function webhookState(
  webhook: Pick<Webhook, "enabled" | "disabled_reason">,
  condition?: WebhookActivity["condition"],
): WebhookState {
  return webhook.enabled ? running(condition) : stopped(webhook.disabled_reason);
}

function running(condition: WebhookActivity["condition"] | undefined): WebhookState {
  switch (condition) {
    case "down":
      return {
        kind: "down",
        label: "Down",
        explanation:
          "The receiver does not work, so deliveries wait. One is tried now and then; when it succeeds, all go on.",
      };
    case "throttled":
      return {
        kind: "throttled",
        label: "Throttled",
        explanation: "The receiver asked to be left alone for a while. Deliveries wait until then.",
      };
    case "failing":
      return {
        kind: "failing",
        label: "Failing",
        explanation: "Every attempt has failed lately. Look at its deliveries to see why.",
      };
    default:
      return { kind: "enabled", label: "Enabled", explanation: "Events that match are delivered." };
  }
}

function stopped(reason: Webhook["disabled_reason"]): WebhookState {
  switch (reason) {
    case "gone":
      return {
        kind: "gone",
        label: "Gone",
        explanation:
          "Disabled by Posthorn: the receiver answered 410 Gone. Correct the URL, then enable it again.",
      };
    case "failing":
      return {
        kind: "gave-up",
        label: "Gave up",
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
