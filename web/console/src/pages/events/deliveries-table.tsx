import { Code, Table, Text, VisuallyHidden } from "@mantine/core";
import type { Delivery } from "@posthorn/client";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { StatusBadge } from "../../parts/status-badge.tsx";
import { duration } from "../../parts/time.ts";
import { LinkTo } from "../../parts/to.tsx";
import { useWebhookNames } from "../../parts/webhook-names.ts";

/** The deliveries of one event, told by their webhooks; narrow enough to stand beside something. */
export function EventDeliveries({ deliveries }: { deliveries: readonly Delivery[] }) {
  const nameOf = useWebhookNames();
  return (
    <Table verticalSpacing={6} layout="fixed">
      <caption>
        <VisuallyHidden>Deliveries of this event</VisuallyHidden>
      </caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={116}>Status</Table.Th>
          <Table.Th>Webhook</Table.Th>
          <Table.Th w={76}>Answer</Table.Th>
          <Table.Th w={84} ta="right" visibleFrom="xs">
            Time
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {deliveries.map((delivery) => (
          <Table.Tr key={delivery.id}>
            <Table.Td>
              <StatusBadge status={delivery.status} />
            </Table.Td>
            <Table.Td>
              <LinkTo
                to="/deliveries/$id"
                params={{ id: delivery.id }}
                size="sm"
                fw={500}
                truncate
                display="block"
              >
                {nameOf(delivery.webhook_id)}
              </LinkTo>
              <Note delivery={delivery} />
            </Table.Td>
            <Table.Td>{delivery.status_code ? <Code>{delivery.status_code}</Code> : "–"}</Table.Td>
            <Table.Td ta="right" visibleFrom="xs">
              {typeof delivery.response_time_ms === "number" ? duration(delivery.response_time_ms) : "–"}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** How often it was tried, why it stands as it does, and when it goes on. */
function Note({ delivery }: { delivery: Delivery }) {
  const { attempt_count: attempts, status, error_message, next_retry_at } = delivery;
  return (
    <Text size="xs" c="dimmed" lineClamp={2} component="div">
      {attempts} {attempts === 1 ? "attempt" : "attempts"}
      {next_retry_at && (
        <>
          {" · due "}
          <RelativeTime at={next_retry_at} />
        </>
      )}
      {status !== "success" && error_message && ` · ${error_message}`}
    </Text>
  );
}
