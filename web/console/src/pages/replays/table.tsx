import { Card, Progress, Table, Text, VisuallyHidden } from "@mantine/core";
import type { Replay } from "@posthorn/client";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { progressOf } from "../../parts/replay-words.ts";
import { LinkTo } from "../../parts/to.tsx";
import { useWebhookNames } from "../../parts/webhook-names.ts";
import { ReplayStatusBadge } from "./status-badge.tsx";
import { subjectOf } from "./words.ts";

/** Replays as rows, with how far they are. */
export function ReplaysTable({ replays }: { replays: readonly Replay[] }) {
  const nameOf = useWebhookNames();
  return (
    <Card withBorder padding={0}>
      <Table layout="fixed" verticalSpacing={8} highlightOnHover>
        <caption>
          <VisuallyHidden>Replays, newest first</VisuallyHidden>
        </caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={118}>Status</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th w="36%" visibleFrom="sm">
              Progress
            </Table.Th>
            <Table.Th w={160} visibleFrom="lg">
              By
            </Table.Th>
            <Table.Th w={{ base: 90, sm: 130 }} ta="right">
              Begun
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {replays.map((replay) => (
            <Row key={replay.id} replay={replay} subject={subjectOf(replay, nameOf)} />
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

function Row({ replay, subject }: { replay: Replay; subject: string }) {
  const { percent, color, isMoving, words } = progressOf(replay);
  return (
    <Table.Tr>
      <Table.Td>
        <ReplayStatusBadge status={replay.status} />
      </Table.Td>
      <Table.Td>
        <LinkTo to="/replays/$id" params={{ id: replay.id }} size="sm" fw={500} lineClamp={2}>
          {subject}
        </LinkTo>
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {words}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Progress.Root mb={4}>
          <Progress.Section
            value={percent}
            color={color}
            animated={isMoving}
            aria-label={`Progress: ${subject}`}
            aria-valuetext={words}
          />
        </Progress.Root>
        <Text size="xs" c="dimmed" truncate title={words}>
          {words}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="lg">
        <Text size="sm" truncate title={replay.created_by}>
          {replay.created_by}
        </Text>
      </Table.Td>
      <Table.Td ta="right" fz={{ base: "xs", sm: "sm" }} style={{ whiteSpace: "nowrap" }}>
        <RelativeTime at={replay.created_at} />
      </Table.Td>
    </Table.Tr>
  );
}
