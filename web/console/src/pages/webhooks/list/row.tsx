import { Box, Group, Stack, Switch, Table, Text } from "@mantine/core";
import { integrationOf, type Webhook, type WebhookActivity } from "@posthorn/client";
import { useToggleWebhook } from "@posthorn/client/react";
import { EventChips } from "../../../parts/event-chips.tsx";
import { IntegrationIcon } from "../../../parts/integration-icon.tsx";
import { notifyProblem } from "../../../parts/notify.ts";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { shortUrl } from "../../../parts/short-url.ts";
import { LinkTo } from "../../../parts/to.tsx";
import { WebhookStateBadge } from "../../../parts/webhook-state-badge.tsx";
import { useSession } from "../../../session/session.tsx";
import { count } from "../../overview/format.ts";
import { RowMenu } from "./row-menu.tsx";
import { SuccessRate } from "./success-rate.tsx";

export function WebhookRow(props: {
  webhook: Webhook;
  /** How it fares; unknown where that could not be read, or the webhook is this new. */
  activity: WebhookActivity | "asked" | undefined;
}) {
  const { webhook, activity } = props;
  const condition = activity === "asked" ? undefined : activity?.condition;
  const { mayManage } = useSession();
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <Box c="dimmed" visibleFrom="xs" mt={2} title={integrationOf(webhook.integration_type).name}>
            <IntegrationIcon type={webhook.integration_type} />
          </Box>
          <Stack gap={2} miw={0}>
            <LinkTo
              to="/webhooks/$id"
              params={{ id: webhook.id }}
              fw={600}
              size="sm"
              c="inherit"
              lineClamp={2}
            >
              {webhook.name}
            </LinkTo>
            <Text size="xs" c="dimmed" ff="monospace" truncate title={webhook.url}>
              {shortUrl(webhook.url)}
            </Text>
            {webhook.filter_failures_24h > 0 && (
              <Text size="xs" c="var(--mantine-color-yellow-text)">
                The filter failed on {count(webhook.filter_failures_24h)}{" "}
                {webhook.filter_failures_24h === 1 ? "event" : "events"} within 24 hours
              </Text>
            )}
            <Group hiddenFrom="sm" gap="xs" mt={2} wrap="nowrap">
              <Box flex="none">
                <WebhookStateBadge webhook={webhook} condition={condition} />
              </Box>
              <SuccessRate activity={activity} />
            </Group>
          </Stack>
        </Group>
      </Table.Td>
      <Table.Td visibleFrom="lg">
        <EventChips patterns={webhook.event_types} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <WebhookStateBadge webhook={webhook} condition={condition} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <SuccessRate activity={activity} />
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="sm" component="span">
          <RelativeTime at={webhook.last_delivery_at} />
        </Text>
      </Table.Td>
      {mayManage && (
        <Table.Td>
          <Group gap="xs" justify="flex-end" wrap="nowrap">
            <EnabledSwitch webhook={webhook} />
            <RowMenu webhook={webhook} />
          </Group>
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function EnabledSwitch({ webhook }: { webhook: Webhook }) {
  const toggle = useToggleWebhook();
  return (
    <Switch
      aria-label={`${webhook.name} is enabled`}
      checked={webhook.enabled}
      onChange={(event) =>
        toggle.mutate(
          { id: webhook.id, enabled: event.currentTarget.checked },
          {
            onError: (problem, { enabled }) =>
              notifyProblem(`${webhook.name} was not ${enabled ? "enabled" : "disabled"}`, problem),
          },
        )
      }
    />
  );
}
