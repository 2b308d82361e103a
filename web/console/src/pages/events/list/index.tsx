import { Button, Group, Text } from "@mantine/core";
import { useEventPages } from "@posthorn/client/react";
import { IconBroadcast, IconFilterOff } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { EmptyState } from "../../../parts/empty-state.tsx";
import { EventTypeInput } from "../../../parts/event-type-input.tsx";
import { OperationalSwitch } from "../../../parts/operational-switch.tsx";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { RowsSkeleton } from "../../../parts/page-skeleton.tsx";
import { ShowOlder } from "../../../parts/show-older.tsx";
import { TimeRange } from "../../../parts/time-range.tsx";
import { ButtonTo } from "../../../parts/to.tsx";
import { useSession } from "../../../session/session.tsx";
import { FindById } from "./find-by-id.tsx";
import { EventsTable } from "./table.tsx";

/** How often the newest are asked for, in milliseconds, while they alone are shown. */
const LIVE_MS = 3_000;

export default function Page() {
  const { type, operational, since, until } = useSearch({ from: "/events" });
  const navigate = useNavigate();
  const { role } = useSession();
  const [isDeep, setIsDeep] = useState(false);
  const pages = useEventPages(
    { type, operational, since, until },
    { refetchInterval: isDeep ? false : LIVE_MS },
  );
  const events = pages.data?.pages.flatMap((page) => page.events);
  const first = pages.data?.pages[0];
  const isFiltered = type !== undefined || since !== undefined || until !== undefined;
  const filter = (search: { type?: string; operational?: boolean; since?: string; until?: string }) => {
    setIsDeep(false);
    navigate({ to: "/events", search, replace: true });
  };

  return (
    <>
      <PageHeader
        title="Events"
        description="What was published, as it was published, and where it went."
        actions={role !== "viewer" && <ButtonTo to="/events/new">Send a test event</ButtonTo>}
      />
      <Group gap="xs" mb="sm" role="search" aria-label="Events">
        <EventTypeInput value={type} onChange={(type) => filter({ type, operational, since, until })} />
        <OperationalSwitch
          value={operational ?? false}
          onChange={(operational) => filter({ type, operational, since, until })}
        />
        <TimeRange value={{ since, until }} onChange={(range) => filter({ type, operational, ...range })} />
        <FindById />
      </Group>
      {pages.error && <PageError problem={pages.error} retry={() => pages.refetch()} />}
      {events === undefined && !pages.error && <RowsSkeleton rows={10} height={40} />}
      {events?.length === 0 && <Nothing isFiltered={isFiltered} onClear={() => filter({ operational })} />}
      {events !== undefined && events.length > 0 && (
        <>
          <EventsTable events={events} />
          <ShowOlder
            hasMore={pages.hasNextPage}
            isBusy={pages.isFetchingNextPage}
            onClick={() => {
              setIsDeep(true);
              pages.fetchNextPage();
            }}
          />
          <Text size="sm" c="dimmed" ta="center" role="status" mt="md">
            {countWords(events.length, first?.total ?? events.length, first?.total_exact ?? true)}
          </Text>
        </>
      )}
    </>
  );
}

function countWords(shown: number, total: number, isExact: boolean): string {
  const all = total.toLocaleString("en");
  if (shown >= total) return `${all} ${total === 1 ? "event" : "events"}`;
  return `${shown.toLocaleString("en")} of ${isExact ? all : `about ${all}`} events`;
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const { role } = useSession();
  if (isFiltered) {
    return (
      <EmptyState
        icon={IconFilterOff}
        title="No event passes these filters"
        action={
          <Button variant="default" onClick={onClear}>
            Clear the filters
          </Button>
        }
      >
        Choose another type or a longer time.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconBroadcast}
      title="No event yet"
      action={role !== "viewer" && <ButtonTo to="/events/new">Send a test event</ButtonTo>}
    >
      Events that your services publish over NATS or HTTP appear here, with their payload and where they went.
    </EmptyState>
  );
}
