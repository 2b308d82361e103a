import { Card, Group, Stack, Text, Title } from "@mantine/core";
import type { UnreadableWebhook, Webhook, WebhookActivity } from "@posthorn/client";
import { useWebhookActivity, useWebhooks } from "@posthorn/client/react";
import { PageError } from "../../parts/page-error.tsx";
import { RowsSkeleton } from "../../parts/page-skeleton.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { LinkTo } from "../../parts/to.tsx";
import { WebhookStateBadge } from "../../parts/webhook-state-badge.tsx";
import { LIVE_MS } from "./live.ts";

/** So many are asked for, and so many of them shown: what is broken before what somebody switched off. */
const ASKED_MAX = 100;
const SHOWN_MAX = 8;
/** Most that the api lists at once. */
const WEBHOOKS_MAX = 500;

const weights: Record<WebhookActivity["condition"], number> = {
  down: 0,
  failing: 1,
  throttled: 2,
  disabled: 3,
  ok: 4,
};

/** The webhooks that want somebody's attention. */
export function TroubledWebhooks() {
  const activity = useWebhookActivity({ troubled: true, limit: ASKED_MAX }, { refetchInterval: LIVE_MS });
  const { data: known } = useWebhooks({ limit: WEBHOOKS_MAX });
  const { data, error } = activity;
  const shown = data?.webhooks
    .toSorted((one, other) => weights[one.condition] - weights[other.condition])
    .slice(0, SHOWN_MAX);
  return (
    <Card withBorder padding="sm">
      <Title order={2} size="h6" mb="xs">
        Need attention
      </Title>
      {error && <PageError problem={error} retry={() => activity.refetch()} />}
      {data === undefined && !error && <RowsSkeleton rows={3} height={24} />}
      {data?.total === 0 && (
        <Text size="sm" c="dimmed">
          No webhook is failing, throttled or disabled.
        </Text>
      )}
      <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {shown?.map((activity) => (
          <Row
            key={activity.webhook_id}
            activity={activity}
            webhook={known?.webhooks.find(({ id }) => id === activity.webhook_id)}
          />
        ))}
      </Stack>
      {data !== undefined && data.total > SHOWN_MAX && (
        <Text size="xs" c="dimmed" mt="xs">
          And {(data.total - SHOWN_MAX).toLocaleString("en")} more.
        </Text>
      )}
    </Card>
  );
}

function Row({
  activity,
  webhook,
}: {
  activity: WebhookActivity;
  webhook: Webhook | UnreadableWebhook | undefined;
}) {
  const { webhook_id: id, name, condition, condition_since } = activity;
  return (
    <Group component="li" gap="xs" wrap="nowrap" mih={24}>
      <Group w={104} style={{ flexShrink: 0 }}>
        <WebhookStateBadge webhook={webhook ?? { enabled: condition !== "disabled" }} condition={condition} />
      </Group>
      <LinkTo to="/webhooks/$id" params={{ id }} size="sm" truncate flex={1}>
        {name}
      </LinkTo>
      <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
        <RelativeTime at={condition_since} />
      </Text>
    </Group>
  );
}
