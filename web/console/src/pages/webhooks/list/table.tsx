import { Card, Table, VisuallyHidden } from "@mantine/core";
import type { ListedWebhook } from "@posthorn/client";
import { useWebhookActivity } from "@posthorn/client/react";
import { useSession } from "../../../session/session.tsx";
import { WebhookRow } from "./row.tsx";
import { UnreadableRow } from "./unreadable-row.tsx";

const LIVE_MS = 5_000;

/** The webhooks of a page. Where there is little room, what matters less is left out: the detail page has it. */
export function WebhookTable({ webhooks }: { webhooks: readonly ListedWebhook[] }) {
  const { mayManage } = useSession();
  const ids = webhooks.map(({ id }) => id).join(",");
  const { data, isPending } = useWebhookActivity(
    { ids, limit: webhooks.length },
    { refetchInterval: LIVE_MS },
  );
  const activities = new Map(data?.webhooks.map((activity) => [activity.webhook_id, activity]));
  return (
    <Card withBorder padding={0}>
      <Table verticalSpacing="xs" highlightOnHover layout="fixed">
        <Table.Caption style={{ display: "none" }}>Webhooks</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Webhook</Table.Th>
            <Table.Th scope="col" visibleFrom="lg" w="24%">
              Events
            </Table.Th>
            <Table.Th scope="col" w={126} visibleFrom="sm">
              State
            </Table.Th>
            <Table.Th scope="col" w={180} visibleFrom="sm">
              Success, 24 hours
            </Table.Th>
            <Table.Th scope="col" w={130} visibleFrom="md">
              Last delivery
            </Table.Th>
            {mayManage && (
              <Table.Th scope="col" w={108}>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {webhooks.map((webhook) =>
            "unreadable" in webhook ? (
              <UnreadableRow key={webhook.id} webhook={webhook} />
            ) : (
              <WebhookRow
                key={webhook.id}
                webhook={webhook}
                activity={isPending ? "asked" : activities.get(webhook.id)}
              />
            ),
          )}
        </Table.Tbody>
      </Table>
    </Card>
  );
}
