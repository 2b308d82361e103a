import { Badge, Card, Group, Stack, Text, Title } from "@mantine/core";
import type { WebhookActivity } from "@posthorn/client";
import { useWebhookActivity } from "@posthorn/client/react";
import {
  IconAlertTriangle,
  IconCheck,
  IconHandStop,
  IconPlayerPause,
  IconPlugConnectedX,
} from "@tabler/icons-react";
import { PageError } from "../../parts/page-error.tsx";
import { RowsSkeleton } from "../../parts/page-skeleton.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { LinkTo } from "../../parts/to.tsx";
import { LIVE_MS } from "./live.ts";

/** So many are asked for, and so many of them shown: what is broken before what somebody switched off. */
const ASKED_MAX = 100;
const SHOWN_MAX = 8;

const looks = {
  down: { weight: 0, color: "red", icon: IconPlugConnectedX, label: "Down" },
  failing: { weight: 1, color: "red", icon: IconAlertTriangle, label: "Failing" },
  throttled: { weight: 2, color: "yellow", icon: IconHandStop, label: "Throttled" },
  disabled: { weight: 3, color: "gray", icon: IconPlayerPause, label: "Disabled" },
  ok: { weight: 4, color: "teal", icon: IconCheck, label: "Fine" },
} as const;

/** The webhooks that want somebody's attention. */
export function TroubledWebhooks() {
  const activity = useWebhookActivity({ troubled: true, limit: ASKED_MAX }, { refetchInterval: LIVE_MS });
  const { data, error } = activity;
  const shown = data?.webhooks.toSorted(byWeight).slice(0, SHOWN_MAX);
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
        {shown?.map((webhook) => (
          <Row key={webhook.webhook_id} webhook={webhook} />
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

function byWeight(one: WebhookActivity, other: WebhookActivity): number {
  return looks[one.condition].weight - looks[other.condition].weight;
}

function Row({ webhook }: { webhook: WebhookActivity }) {
  const { webhook_id: id, name, condition, condition_since } = webhook;
  const { color, icon: Icon, label } = looks[condition];
  return (
    <Group component="li" gap="xs" wrap="nowrap" mih={24}>
      <Badge variant="light" color={color} tt="none" leftSection={<Icon size={12} aria-hidden />} miw={104}>
        {label}
      </Badge>
      <LinkTo to="/webhooks/$id" params={{ id }} size="sm" truncate flex={1}>
        {name}
      </LinkTo>
      <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
        <RelativeTime at={condition_since} />
      </Text>
    </Group>
  );
}
