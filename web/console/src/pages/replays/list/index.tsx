import { Button, Center, Group } from "@mantine/core";
import { IconFilterOff, IconPlayerPlay } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { EmptyState } from "../../../parts/empty-state.tsx";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { RowsSkeleton } from "../../../parts/page-skeleton.tsx";
import { ButtonTo } from "../../../parts/to.tsx";
import { WebhookSelect } from "../../../parts/webhook-select.tsx";
import { useReplayPages } from "../query.ts";
import { ReplaysTable } from "../table.tsx";

const PAGE_ROWS = 50;

export default function Page() {
  const { webhook_id } = useSearch({ from: "/replays" });
  const navigate = useNavigate();
  const choose = (chosen: string | undefined) =>
    navigate({ to: "/replays", search: { webhook_id: chosen }, replace: true });
  const pages = useReplayPages(PAGE_ROWS, webhook_id);
  const replays = pages.data?.pages.flatMap((page) => page.replays);
  return (
    <>
      <PageHeader title="Replays" description="Deliveries that were asked for again, and how far that is." />
      <Group mb="sm" role="search" aria-label="Replays">
        <WebhookSelect value={webhook_id} onChange={choose} />
      </Group>
      {pages.error && <PageError problem={pages.error} retry={() => pages.refetch()} />}
      {replays === undefined && !pages.error && <RowsSkeleton rows={6} height={44} />}
      {replays?.length === 0 && webhook_id !== undefined && (
        <EmptyState
          icon={IconFilterOff}
          title="No time range of this webhook was replayed"
          action={
            <Button variant="default" onClick={() => choose(undefined)}>
              Show all replays
            </Button>
          }
        >
          Its events and dead letters may have been replayed one by one: those are among all replays.
        </EmptyState>
      )}
      {replays?.length === 0 && webhook_id === undefined && (
        <EmptyState
          icon={IconPlayerPlay}
          title="Nothing was replayed yet"
          action={
            <ButtonTo to="/webhooks" variant="default">
              To the webhooks
            </ButtonTo>
          }
        >
          Replay a time range on a webhook's page, an event on its own page, or dead letters by retrying them.
          Its progress is shown here.
        </EmptyState>
      )}
      {replays !== undefined && replays.length > 0 && <ReplaysTable replays={replays} />}
      {pages.hasNextPage && (
        <Center mt="md">
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
            Show older ones
          </Button>
        </Center>
      )}
    </>
  );
}
