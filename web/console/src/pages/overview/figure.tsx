import { Card, Group, Skeleton, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** One number that matters, what it is, and what it means. It has the same height while it is loaded. */
export function Figure(props: {
  label: string;
  /** Undefined while it is not known yet. */
  value: ReactNode;
  note?: ReactNode;
  /** Beside the label: a sign that something wants attention. */
  sign?: ReactNode;
}) {
  const { label, value, note, sign } = props;
  return (
    <Card withBorder padding="sm" role="group" aria-label={label}>
      <Group justify="space-between" wrap="nowrap" gap={4} h={20}>
        <Text size="sm" c="dimmed" truncate>
          {label}
        </Text>
        {sign}
      </Group>
      <Text fz={26} fw={650} lh="36px" h={36} component="div" truncate>
        {value === undefined ? <Skeleton h={26} w={90} mt={5} /> : value}
      </Text>
      <Text size="xs" c="dimmed" mih={18} component="div" truncate>
        {note}
      </Text>
    </Card>
  );
}
