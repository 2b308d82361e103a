import { Badge } from "@mantine/core";
import type { DeliveryStatus } from "@posthorn/client";
import { IconAlertTriangle, IconCheck, IconClock, IconRefresh } from "@tabler/icons-react";

/** Told by word and picture too, never by colour alone. */
const looks = {
  success: { color: "teal", icon: IconCheck, label: "Success" },
  pending: { color: "gray", icon: IconClock, label: "Pending" },
  retrying: { color: "yellow", icon: IconRefresh, label: "Retrying" },
  failed: { color: "red", icon: IconAlertTriangle, label: "Failed" },
} as const;

/** How a delivery stands. */
export function StatusBadge({ status }: { status: DeliveryStatus }) {
  const { color, icon: Icon, label } = looks[status];
  return (
    <Badge variant="light" color={color} leftSection={<Icon size={12} aria-hidden />} tt="none">
      {label}
    </Badge>
  );
}
