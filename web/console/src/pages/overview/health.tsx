import { Card, ColorSwatch, Group, Progress, Skeleton, Text, Title, Tooltip } from "@mantine/core";
import { useWebhookHealth } from "@posthorn/client/react";
import { LinkTo } from "../../parts/to.tsx";
import { healthShares } from "./health-shares.ts";
import { LIVE_MS } from "./live.ts";

/** How many webhooks there are, and how they fare. */
export function Health() {
  const { data } = useWebhookHealth({ refetchInterval: LIVE_MS });
  const shares = data && healthShares(data);
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h6">
          Webhooks
        </Title>
        <LinkTo to="/webhooks" size="sm" underline="always">
          {data === undefined ? "All" : `All ${data.total_webhooks.toLocaleString("en")}`}
        </LinkTo>
      </Group>
      {shares === undefined ? (
        <Skeleton h={12} radius="xl" />
      ) : (
        <Progress.Root size={12} aria-hidden>
          {shares.map(({ label, share, color }) => (
            <Progress.Section key={label} value={share} color={color} withAria={false} />
          ))}
        </Progress.Root>
      )}
      <Group gap="md" mt="xs" mih={44} align="flex-start">
        {shares?.map(({ label, amount, color, meaning }) => (
          <Tooltip key={label} label={meaning}>
            <Group gap={6} wrap="nowrap">
              <ColorSwatch size={9} color={`var(--mantine-color-${color}-filled)`} withShadow={false} />
              <Text size="sm">
                <b>{amount.toLocaleString("en")}</b> {label}
              </Text>
            </Group>
          </Tooltip>
        ))}
      </Group>
    </Card>
  );
}
