import { Badge, Tooltip } from "@mantine/core";
import type { Webhook } from "@posthorn/client";
import { IconAlertTriangle, IconCheck, IconPlayerPause, IconUnlink } from "@tabler/icons-react";
import { webhookState } from "./webhook-state.ts";

const looks = {
  enabled: { color: "teal", icon: IconCheck },
  disabled: { color: "gray", icon: IconPlayerPause },
  gone: { color: "red", icon: IconUnlink },
  failing: { color: "red", icon: IconAlertTriangle },
} as const;

/** Whether a webhook gets deliveries; whoever points at it or reaches it by keyboard learns why. */
export function WebhookStateBadge({ webhook }: { webhook: Pick<Webhook, "enabled" | "disabled_reason"> }) {
  const { kind, label, explanation } = webhookState(webhook);
  const { color, icon: Icon } = looks[kind];
  return (
    <Tooltip label={explanation} multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
      <Badge
        variant="light"
        color={color}
        tt="none"
        leftSection={<Icon size={12} aria-hidden />}
        tabIndex={0}
        role="note"
        aria-label={`${label}. ${explanation}`}
      >
        {label}
      </Badge>
    </Tooltip>
  );
}
