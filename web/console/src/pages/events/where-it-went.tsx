import { Text } from "@mantine/core";
import { useDeliveries } from "@posthorn/client/react";
import { PageError } from "../../parts/page-error.tsx";
import { RowsSkeleton } from "../../parts/page-skeleton.tsx";
import { LinkTo } from "../../parts/to.tsx";
import { EventDeliveries } from "./deliveries-table.tsx";

const SHOWN_MAX = 100;
/** How often it is asked for, in milliseconds. */
const LIVE_MS = 2_000;

/** The deliveries of an event, live. */
export function WhereItWent({ event, nothing }: { event: string; nothing: string }) {
  const live = { refetchInterval: LIVE_MS };
  // By a filter and not as a part of the event: one that was just sent may not be in the log yet.
  const deliveries = useDeliveries({}, { event_id: event, limit: SHOWN_MAX }, live);
  const { data, error } = deliveries;
  if (error) return <PageError problem={error} retry={() => deliveries.refetch()} />;
  if (data === undefined) return <RowsSkeleton rows={3} />;
  if (data.total === 0) {
    return (
      <Text size="sm" c="dimmed" role="status">
        {nothing}
      </Text>
    );
  }
  return (
    <>
      <EventDeliveries deliveries={data.deliveries} />
      {data.has_more && (
        <Text size="sm" mt="xs">
          <LinkTo to="/deliveries" search={{ event_id: event }} underline="always">
            All {data.total.toLocaleString("en")} deliveries of this event
          </LinkTo>
        </Text>
      )}
    </>
  );
}
