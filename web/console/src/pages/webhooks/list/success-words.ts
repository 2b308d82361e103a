import type { WebhookActivity } from "@posthorn/client";

/** A success rate in a few characters, and in a sentence. Only all is 100 %: a rate is never rounded up to it. */
export function successWords(activity: Pick<WebhookActivity, "deliveries" | "failures" | "success_rate">): {
  rate: string;
  sentence: string;
} {
  const { deliveries, failures, success_rate } = activity;
  if (deliveries === 0) return { rate: "–", sentence: "No deliveries in 24 hours" };
  const count = deliveries === 1 ? "1 delivery" : `${deliveries.toLocaleString("en")} deliveries`;
  if (success_rate === null || success_rate === undefined) {
    return { rate: "–", sentence: `${count} in 24 hours, none settled yet` };
  }
  const percent = Math.floor(success_rate * 1_000) / 10;
  const rate = `${percent} %`;
  return {
    rate,
    sentence: `${count} in 24 hours: ${rate} of the settled ones succeeded, ${failures.toLocaleString("en")} failed`,
  };
}
