import { Card, Group, Text, Title } from "@mantine/core";
import { useDeliveries } from "@posthorn/client/react";
import { PageError } from "../../parts/page-error.tsx";
import { RowsSkeleton } from "../../parts/page-skeleton.tsx";
import { LinkTo } from "../../parts/to.tsx";
import { FailuresTable } from "./failures-table.tsx";
import { LIVE_MS } from "./live.ts";

const SHOWN_MAX = 10;

/** The deliveries that were given up last. */
export function RecentFailures() {
  const failures = useDeliveries({}, { status: "failed", limit: SHOWN_MAX }, { refetchInterval: LIVE_MS });
  const { data, error } = failures;
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h6">
          Recent failures
        </Title>
        <LinkTo to="/deliveries" search={{ status: "failed" }} size="sm" underline="always">
          All failed deliveries
        </LinkTo>
      </Group>
      {error && <PageError problem={error} retry={() => failures.refetch()} />}
      {data === undefined && !error && <RowsSkeleton rows={SHOWN_MAX} height={40} />}
      {data?.deliveries.length === 0 && (
        <Text size="sm" c="dimmed">
          No delivery was given up. What fails for good is shown here, with the reason.
        </Text>
      )}
      {data !== undefined && data.deliveries.length > 0 && <FailuresTable deliveries={data.deliveries} />}
    </Card>
  );
}
