import { Badge } from "@mantine/core";
import type { Replay } from "@posthorn/client";
import { IconAlertTriangle, IconCheck, IconClock, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";

const looks = {
  queued: { color: "gray", icon: IconClock, label: "Queued" },
  running: { color: "blue", icon: IconPlayerPlay, label: "Running" },
  done: { color: "teal", icon: IconCheck, label: "Done" },
  cancelled: { color: "gray", icon: IconPlayerStop, label: "Cancelled" },
  failed: { color: "red", icon: IconAlertTriangle, label: "Failed" },
} as const;

/** How a replay stands, by word, picture and colour. */
export function ReplayStatusBadge({ status }: Pick<Replay, "status">) {
  const { color, icon: Icon, label } = looks[status];
  return (
    <Badge variant="light" color={color} leftSection={<Icon size={12} aria-hidden />} tt="none">
      {label}
    </Badge>
  );
}
