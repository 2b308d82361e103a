import { Badge, Tooltip } from "@mantine/core";
import type { Webhook, WebhookActivity } from "@posthorn/client";
import {
  IconAlertTriangle,
  IconCheck,
  IconHandStop,
  IconPlayerPause,
  IconPlugConnectedX,
  IconUnlink,
} from "@tabler/icons-react";
import { webhookState } from "./webhook-state.ts";

const looks = {
  enabled: { color: "teal", icon: IconCheck },
  disabled: { color: "gray", icon: IconPlayerPause },
  gone: { color: "red", icon: IconUnlink },
  "gave-up": { color: "red", icon: IconAlertTriangle },
  down: { color: "red", icon: IconPlugConnectedX },
  throttled: { color: "yellow", icon: IconHandStop },
  failing: { color: "red", icon: IconAlertTriangle },
} as const;

/** Whether a webhook gets deliveries; whoever points at it or reaches it by keyboard learns why. */
export function WebhookStateBadge(props: {
  webhook: Pick<Webhook, "enabled" | "disabled_reason">;
  /** What is wrong with it now, where that is known. */
  condition?: WebhookActivity["condition"] | undefined;
}) {
  const { kind, label, explanation } = webhookState(props.webhook, props.condition);
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
