import { Button, Center, Switch, Text } from "@mantine/core";
import { queries, usePosthorn } from "@posthorn/client/react";
import { IconFilterOff, IconSend } from "@tabler/icons-react";
import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { EmptyState } from "../../parts/empty-state.tsx";
import { PageError } from "../../parts/page-error.tsx";
import { RowsSkeleton } from "../../parts/page-skeleton.tsx";
import { ButtonTo } from "../../parts/to.tsx";
import { useSession } from "../../session/session.tsx";
import { ExportMenu } from "./history/export.tsx";
import { asQuery, Filters, type HistoryFilters, isFiltered } from "./history/filters.tsx";
import { DeliveriesTable } from "./history/table.tsx";

/** How often the newest are asked for, in milliseconds. */
const LIVE_MS = 3_000;

/**
 * The history of deliveries: of one webhook, of one event, or of all. It is live while its first page alone is shown:
 * rows that somebody reads further down do not move.
 */
export function DeliveryHistory(props: {
  scope?: { webhook?: string; event?: string };
  /** Kept in the page's address by whoever shows this; without `onFilter` nothing can be filtered. */
  filters?: HistoryFilters;
  onFilter?: (filters: HistoryFilters) => void;
}) {
  const { scope = {}, filters = {}, onFilter } = props;
  const [wantsLive, setWantsLive] = useState(true);
  const cache = useQueryClient();
  const question = queries.deliveryPages(usePosthorn(), scope, asQuery(filters));
  const pages = useInfiniteQuery({
    ...question,
    refetchInterval: ({ state }) => wantsLive && (state.data?.pages.length ?? 0) <= 1 && LIVE_MS,
  });
  // Where the keyboard goes on when the button that was pressed vanishes.
  const section = useRef<HTMLElement>(null);
  const end = useRef<HTMLParagraphElement>(null);
  const isDeep = (pages.data?.pages.length ?? 0) > 1;
  const backToTheNewest = async () => {
    cache.setQueryData(question.queryKey, (shown) => shown && firstOf(shown));
    section.current?.focus();
    await pages.refetch();
  };
  const showOlder = async () => {
    const { hasNextPage } = await pages.fetchNextPage();
    if (!hasNextPage) end.current?.focus();
  };
  const clear = () => {
    onFilter?.({});
    section.current?.focus();
  };
  const deliveries = pages.data?.pages.flatMap((page) => page.deliveries);
  const first = pages.data?.pages[0];

  return (
    <section aria-label="Deliveries" ref={section} tabIndex={-1}>
      {onFilter !== undefined && (
        <Filters filters={filters} hasWebhooks={scope.webhook === undefined} onChange={onFilter}>
          {isDeep && (
            <Button variant="subtle" onClick={backToTheNewest}>
              Back to the newest
            </Button>
          )}
          <Switch
            label="Live"
            checked={wantsLive && !isDeep}
            disabled={isDeep}
            onChange={(event) => setWantsLive(event.currentTarget.checked)}
          />
          <ExportMenu
            webhook={scope.webhook}
            filters={{ ...filters, event_id: scope.event ?? filters.event_id }}
          />
        </Filters>
      )}
      {pages.error && <PageError problem={pages.error} retry={() => pages.refetch()} />}
      {deliveries === undefined && !pages.error && <RowsSkeleton rows={10} height={34} />}
      {deliveries?.length === 0 && <Nothing filters={filters} onClear={clear} />}
      {deliveries !== undefined && deliveries.length > 0 && (
        <>
          <DeliveriesTable
            deliveries={deliveries}
            known={{ webhook: scope.webhook !== undefined, event: scope.event !== undefined }}
          />
          <Center my="md">
            {pages.hasNextPage ? (
              <Button variant="default" loading={pages.isFetchingNextPage} onClick={showOlder}>
                Show older ones
              </Button>
            ) : null}
          </Center>
          <Text size="sm" c="dimmed" ta="center" role="status" ref={end} tabIndex={-1}>
            {count(deliveries.length, first?.total ?? deliveries.length, first?.total_exact ?? true)}
          </Text>
        </>
      )}
    </section>
  );
}

/** What was shown before anybody asked for older ones. */
function firstOf<Page, Param>({ pages, pageParams }: InfiniteData<Page, Param>): InfiniteData<Page, Param> {
  return { pages: pages.slice(0, 1), pageParams: pageParams.slice(0, 1) };
}

function count(shown: number, total: number, isExact: boolean): string {
  const all = total.toLocaleString("en");
  if (shown >= total) return `${all} ${total === 1 ? "delivery" : "deliveries"}`;
  return `${shown.toLocaleString("en")} of ${isExact ? all : `about ${all}`} deliveries`;
}

function Nothing({ filters, onClear }: { filters: HistoryFilters; onClear: () => void }) {
  const { role } = useSession();
  if (isFiltered(filters)) {
    return (
      <EmptyState
        icon={IconFilterOff}
        title="No delivery passes these filters"
        action={
          <Button variant="default" onClick={onClear}>
            Clear the filters
          </Button>
        }
      >
        Choose another status or a longer time.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconSend}
      title="No delivery yet"
      action={
        role !== "viewer" && (
          <ButtonTo to="/events/new" variant="default">
            Send a test event
          </ButtonTo>
        )
      }
    >
      As soon as an event is published that a webhook wants, its delivery appears here.
    </EmptyState>
  );
}
