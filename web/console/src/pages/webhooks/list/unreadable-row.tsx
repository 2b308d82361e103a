import { Badge, Stack, Table, Text } from "@mantine/core";
import type { UnreadableWebhook } from "@posthorn/client";
import { EventChips } from "../../../parts/event-chips.tsx";
import { shortUrl } from "../../../parts/short-url.ts";
import { useSession } from "../../../session/session.tsx";

/** A webhook that the api cannot read: what it is called, and that somebody has to look after it. */
export function UnreadableRow({ webhook }: { webhook: UnreadableWebhook }) {
  const { mayManage } = useSession();
  return (
    <Table.Tr>
      <Table.Td>
        <Stack gap={2} miw={0} align="flex-start">
          <Text fw={600} size="sm" lineClamp={2}>
            {webhook.name}
          </Text>
          <Text size="xs" c="dimmed" ff="monospace" truncate title={webhook.url}>
            {shortUrl(webhook.url)}
          </Text>
          <Text size="xs">
            Its settings cannot be read: they are sealed with another master key, or a newer release wrote
            them. Tell whoever runs Posthorn.
          </Text>
        </Stack>
      </Table.Td>
      <Table.Td visibleFrom="lg">
        <EventChips patterns={webhook.event_types} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Badge color="red" variant="light">
          unreadable
        </Badge>
      </Table.Td>
      <Table.Td visibleFrom="sm" />
      <Table.Td visibleFrom="md" />
      {mayManage && <Table.Td />}
    </Table.Tr>
  );
}
