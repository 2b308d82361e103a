import { Card, Code, Table, Text, VisuallyHidden } from "@mantine/core";
import { type EventView, eventTypeLabel } from "@posthorn/client";
import { useEventTypes } from "@posthorn/client/react";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { LinkTo } from "../../../parts/to.tsx";

/** Most that the api lists at once. */
const TYPES_MAX = 500;

/** Events as rows. */
export function EventsTable({ events }: { events: readonly EventView[] }) {
  const { data: catalogue } = useEventTypes({ limit: TYPES_MAX });
  return (
    <Card withBorder padding={0}>
      <Table verticalSpacing={6} highlightOnHover layout="fixed">
        <caption>
          <VisuallyHidden>Events, newest first</VisuallyHidden>
        </caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Event type</Table.Th>
            <Table.Th visibleFrom="md">Id</Table.Th>
            <Table.Th visibleFrom="sm">Source</Table.Th>
            <Table.Th w={{ base: 100, sm: 140 }} ta="right">
              Accepted
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map(({ id, type, accepted_at, cloud_event }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <LinkTo to="/events/$id" params={{ id }} size="sm" fw={500} truncate display="block">
                  {type}
                </LinkTo>
                <Text size="xs" c="dimmed" truncate>
                  {eventTypeLabel(type, catalogue?.event_types)}
                </Text>
              </Table.Td>
              <Table.Td visibleFrom="md">
                <Code>{id}</Code>
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Text size="sm" truncate title={cloud_event?.source}>
                  {cloud_event?.source ?? "–"}
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                <RelativeTime at={accepted_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}
