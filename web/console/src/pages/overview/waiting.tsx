import { Card, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { getQueue, queryKeys } from "@posthorn/client";
import { useDeliveries } from "@posthorn/client/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { LinkTo } from "../../parts/to.tsx";
import { useSession } from "../../session/session.tsx";
import { count } from "./format.ts";
import { LIVE_MS } from "./live.ts";

/** What waits: of this tenant, and for admins in the queue that all tenants share. */
export function Waiting() {
  const { isAdmin } = useSession();
  const live = { refetchInterval: LIVE_MS };
  const pending = useDeliveries({}, { status: "pending", limit: 1 }, live);
  const retrying = useDeliveries({}, { status: "retrying", limit: 1 }, live);
  return (
    <Card withBorder padding="sm">
      <Title order={2} size="h6" mb="xs">
        Waiting
      </Title>
      <Stack gap={6}>
        <Line
          label={
            <LinkTo to="/deliveries" search={{ status: "pending" }} size="sm" underline="always">
              Pending
            </LinkTo>
          }
          note="taken up, not attempted yet"
          value={pending.data?.total}
        />
        <Line
          label={
            <LinkTo to="/deliveries" search={{ status: "retrying" }} size="sm" underline="always">
              Retrying
            </LinkTo>
          }
          note="wait for their next attempt"
          value={retrying.data?.total}
        />
        {isAdmin && <QueueOfAll />}
      </Stack>
    </Card>
  );
}

function QueueOfAll() {
  const { posthorn } = useSession();
  const { data } = useQuery({
    queryKey: queryKeys.administration.queue(posthorn),
    queryFn: ({ signal }) => getQueue(posthorn, signal),
    refetchInterval: LIVE_MS,
  });
  return (
    <>
      <Text size="xs" c="dimmed" mt={4} fw={600}>
        Queue of all tenants
      </Text>
      <Line label="Ready" note="due now" value={data?.ready} />
      <Line label="Scheduled" note="for a later moment" value={data?.scheduled} />
      <Line label="Events" note="not handed over to all yet" value={data?.events} />
    </>
  );
}

function Line({ label, note, value }: { label: ReactNode; note: string; value: number | undefined }) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs" mih={22}>
      <Group gap={6} wrap="nowrap" miw={0}>
        <Text size="sm" component="span">
          {label}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {note}
        </Text>
      </Group>
      {value === undefined ? (
        <Skeleton h={14} w={36} />
      ) : (
        <Text size="sm" fw={600}>
          {count(value)}
        </Text>
      )}
    </Group>
  );
}
