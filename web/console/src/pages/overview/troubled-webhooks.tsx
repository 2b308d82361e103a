import { Badge, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconHandStop, IconPlayerPause, IconPlugConnectedX } from "@tabler/icons-react";
import { PageError } from "../../parts/page-error.tsx";
import { RowsSkeleton } from "../../parts/page-skeleton.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { LinkTo } from "../../parts/to.tsx";
import { type Troubled, useTroubled } from "./troubled.ts";

/** So many are shown; the rest is a matter for the list of webhooks. */
const SHOWN_MAX = 8;

const looks = {
  down: { color: "red", icon: IconPlugConnectedX, label: "Down", since: "since" },
  failing: { color: "red", icon: IconAlertTriangle, label: "Failing", since: "last tried" },
  throttled: { color: "yellow", icon: IconHandStop, label: "Throttled", since: "goes on" },
  disabled: { color: "gray", icon: IconPlayerPause, label: "Disabled", since: "changed" },
} as const;

/** The webhooks that want somebody's attention. */
export function TroubledWebhooks() {
  const { troubled, problem } = useTroubled();
  return (
    <Card withBorder padding="sm">
      <Title order={2} size="h6" mb="xs">
        Need attention
      </Title>
      {problem !== null && problem !== undefined && <PageError problem={problem} />}
      {troubled === undefined && !problem && <RowsSkeleton rows={3} height={24} />}
      {troubled?.length === 0 && (
        <Text size="sm" c="dimmed">
          No webhook is failing, throttled or disabled.
        </Text>
      )}
      <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {troubled?.slice(0, SHOWN_MAX).map((webhook) => (
          <Row key={webhook.id} webhook={webhook} />
        ))}
      </Stack>
      {troubled !== undefined && troubled.length > SHOWN_MAX && (
        <Text size="xs" c="dimmed" mt="xs">
          And {troubled.length - SHOWN_MAX} more. <LinkTo to="/webhooks">All webhooks</LinkTo>
        </Text>
      )}
    </Card>
  );
}

function Row({ webhook: { id, name, condition, at } }: { webhook: Troubled }) {
  const { color, icon: Icon, label, since } = looks[condition];
  return (
    <Group component="li" gap="xs" wrap="nowrap" mih={24}>
      <Badge variant="light" color={color} tt="none" leftSection={<Icon size={12} aria-hidden />} miw={104}>
        {label}
      </Badge>
      <LinkTo to="/webhooks/$id" params={{ id }} size="sm" truncate flex={1}>
        {name}
      </LinkTo>
      <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
        {since} <RelativeTime at={at} />
      </Text>
    </Group>
  );
}
