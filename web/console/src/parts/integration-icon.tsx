import type { IntegrationType } from "@posthorn/client";
import {
  IconBrandDiscord,
  IconBrandSlack,
  IconBrandTeams,
  IconBrandTelegram,
  IconWebhook,
} from "@tabler/icons-react";

const icons = {
  generic: IconWebhook,
  slack: IconBrandSlack,
  discord: IconBrandDiscord,
  telegram: IconBrandTelegram,
  teams: IconBrandTeams,
} as const;

/** The picture of a kind of receiver; its name stands beside it or is told otherwise. */
export function IntegrationIcon({ type, size = 18 }: { type: IntegrationType; size?: number }) {
  const Icon = icons[type];
  return <Icon size={size} stroke={1.6} aria-hidden style={{ flexShrink: 0 }} />;
}
