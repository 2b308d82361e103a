import type { IntegrationType } from "./types.ts";

/** How a kind of receiver is shown, and what its URLs look like. */
export interface Integration {
  type: IntegrationType;
  name: string;
  /** Name of its icon in the set of https://tabler.io/icons. */
  icon: string;
  /** An example of its URLs. */
  urlHint: string;
  /** Where its users find theirs. */
  help: string;
}

/** All kinds of receivers, in the order in which they are offered. */
export const integrations: readonly Integration[] = [
  {
    type: "generic",
    name: "HTTP endpoint",
    icon: "webhook",
    urlHint: "https://example.com/webhooks",
    help: "Any server that takes signed POST requests.",
  },
  {
    type: "slack",
    name: "Slack",
    icon: "brand-slack",
    urlHint: "https://hooks.slack.com/services/T…/B…/…",
    help: "In Slack: an app with incoming webhooks, then “Add new webhook to workspace”.",
  },
  {
    type: "discord",
    name: "Discord",
    icon: "brand-discord",
    urlHint: "https://discord.com/api/webhooks/…/…",
    help: "In Discord: the channel's settings, Integrations, Webhooks.",
  },
  {
    type: "telegram",
    name: "Telegram",
    icon: "brand-telegram",
    urlHint: "https://api.telegram.org/bot<token>/sendMessage",
    help: "A bot made with @BotFather; the chat's id goes into the integration's settings.",
  },
  {
    type: "teams",
    name: "Microsoft Teams",
    icon: "brand-teams",
    urlHint: "https://….logic.azure.com/workflows/…",
    help: "In Teams: the channel's Workflows, “Post to a channel when a webhook request is received”.",
  },
];

/** The kind of receiver of this type. */
export function integrationOf(type: IntegrationType): Integration {
  // The list holds every type: a test says so.
  return integrations.find((integration) => integration.type === type) as Integration;
}
