import { Code, Table, Text, VisuallyHidden } from "@mantine/core";
import type { Delivery } from "@posthorn/client";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { LinkTo } from "../../parts/to.tsx";
import { useWebhookNames } from "../../parts/webhook-names.ts";

/** Failed deliveries, with the reason before all else. */
export function FailuresTable({ deliveries }: { deliveries: readonly Delivery[] }) {
  const nameOf = useWebhookNames();
  return (
    <Table verticalSpacing={6} layout="fixed">
      <caption>
        <VisuallyHidden>Deliveries that failed last</VisuallyHidden>
      </caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={{ base: "auto", sm: "30%" }}>Event type and webhook</Table.Th>
          <Table.Th visibleFrom="sm">Why</Table.Th>
          <Table.Th w={{ base: 104, sm: 112 }} ta="right">
            Created
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {deliveries.map((delivery) => (
          <Table.Tr key={delivery.id}>
            <Table.Td>
              <LinkTo
                to="/deliveries/$id"
                params={{ id: delivery.id }}
                size="sm"
                fw={500}
                truncate
                display="block"
              >
                {delivery.event_type}
              </LinkTo>
              <Text size="xs" c="dimmed" truncate>
                {nameOf(delivery.webhook_id)}
              </Text>
              <Text size="xs" component="div" hiddenFrom="sm" lineClamp={2}>
                <Reason delivery={delivery} />
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Text size="sm" component="div" lineClamp={2}>
                <Reason delivery={delivery} />
              </Text>
            </Table.Td>
            <Table.Td ta="right">
              <RelativeTime at={delivery.created_at} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Reason({ delivery: { status_code, error_message } }: { delivery: Delivery }) {
  return (
    <>
      {status_code && <Code mr={6}>{status_code}</Code>}
      {error_message ?? "No reason is known"}
    </>
  );
}
