import { Box, Card, Code, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import type { Delivery } from "@posthorn/client";
import { useNow } from "../../../parts/now.ts";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { StatusBadge } from "../../../parts/status-badge.tsx";
import { duration } from "../../../parts/time.ts";
import { LinkTo } from "../../../parts/to.tsx";
import { useWebhookNames } from "../../../parts/webhook-names.ts";

/** Which columns are told by the page that the table stands in. */
export interface Known {
  /** All are of one webhook. */
  webhook?: boolean;
  /** All are of one event. */
  event?: boolean;
}

/** Deliveries as rows. On a narrow screen what matters less stands below what matters, or is left to the detail. */
export function DeliveriesTable({ deliveries, known }: { deliveries: readonly Delivery[]; known: Known }) {
  const nameOf = useWebhookNames();
  return (
    <Card withBorder padding={0}>
      <Table verticalSpacing={6} highlightOnHover layout="fixed">
        <caption>
          <VisuallyHidden>Deliveries, newest first</VisuallyHidden>
        </caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={118}>Status</Table.Th>
            <Table.Th>{known.event ? "Webhook" : "Event type"}</Table.Th>
            {!known.event && !known.webhook && <Table.Th visibleFrom="md">Webhook</Table.Th>}
            <Table.Th w={108} visibleFrom="xs">
              Answer
            </Table.Th>
            <Table.Th w={100} ta="right" visibleFrom="md">
              Attempts
            </Table.Th>
            <Table.Th w={86} ta="right" visibleFrom="sm">
              Time
            </Table.Th>
            <Table.Th w={{ base: 90, sm: 130 }} ta="right">
              Created
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deliveries.map((delivery) => (
            <Row key={delivery.id} delivery={delivery} known={known} webhook={nameOf(delivery.webhook_id)} />
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

function Row({ delivery, known, webhook }: { delivery: Delivery; known: Known; webhook: string }) {
  const { status, status_code, response_time_ms, error_message } = delivery;
  return (
    <Table.Tr data-delivery={delivery.id}>
      <Table.Td>
        <StatusBadge status={status} />
      </Table.Td>
      <Table.Td>
        <LinkTo to="/deliveries/$id" params={{ id: delivery.id }} size="sm" fw={500} truncate display="block">
          {known.event ? webhook : delivery.event_type}
        </LinkTo>
        {!known.event && !known.webhook && (
          <Text size="xs" c="dimmed" truncate hiddenFrom="md">
            {webhook}
          </Text>
        )}
        <Note delivery={delivery} error={status === "success" ? null : error_message} />
      </Table.Td>
      {!known.event && !known.webhook && (
        <Table.Td visibleFrom="md">
          <LinkTo
            to="/webhooks/$id"
            params={{ id: delivery.webhook_id }}
            size="sm"
            c="inherit"
            truncate
            display="block"
          >
            {webhook}
          </LinkTo>
        </Table.Td>
      )}
      <Table.Td visibleFrom="xs">
        {status_code ? <Code>{status_code}</Code> : <Nothing told={delivery.attempt_count > 0} />}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {delivery.attempt_count}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm">
        {response_time_ms === null || response_time_ms === undefined ? "–" : duration(response_time_ms)}
      </Table.Td>
      <Table.Td ta="right" fz={{ base: "xs", sm: "sm" }} style={{ whiteSpace: "nowrap" }}>
        <RelativeTime at={delivery.created_at} />
      </Table.Td>
    </Table.Tr>
  );
}

/** Why it stands as it does, and when it goes on. */
function Note({ delivery, error }: { delivery: Delivery; error: string | null | undefined }) {
  if (!error && !delivery.next_retry_at) return null;
  return (
    <Group gap={6} wrap="nowrap">
      <Text size="xs" c="dimmed" truncate>
        {delivery.next_retry_at && (
          <Box component="span" mr={6}>
            <NextAttempt at={delivery.next_retry_at} />
            {error && " ·"}
          </Box>
        )}
        {error}
      </Text>
    </Group>
  );
}

/** A moment that has passed does not mean that it was missed: the webhook's gate may be shut. */
function NextAttempt({ at }: { at: string }) {
  const now = useNow();
  if (Date.parse(at) <= now) return "Waits for its turn";
  return (
    <>
      Next attempt <RelativeTime at={at} />
    </>
  );
}

function Nothing({ told }: { told: boolean }) {
  return (
    <Text size="sm" c="dimmed" component="span">
      {told ? "No answer" : "–"}
    </Text>
  );
}
