import { Card, SimpleGrid, Text, Title } from "@mantine/core";
import type { Webhook } from "@posthorn/client";
import { useState } from "react";
import { PageError } from "../../../parts/page-error.tsx";
import { RowsSkeleton } from "../../../parts/page-skeleton.tsx";
import { ReplayWatch } from "../../../parts/replay-watch.tsx";
import { LinkTo } from "../../../parts/to.tsx";
import { useSession } from "../../../session/session.tsx";
import { useReplayPages } from "../../replays/query.ts";
import { OwnReplays } from "./own-replays.tsx";
import { ReplayForm } from "./replay-form.tsx";

/** So many are shown here; the list of replays has all. */
const SHOWN_MAX = 10;

/** Delivers a stretch of time again, and shows what was replayed before. */
export function Replays({ webhook }: { webhook: Webhook }) {
  const { mayManage } = useSession();
  const [begun, setBegun] = useState<string>();
  const pages = useReplayPages(SHOWN_MAX, webhook.id);
  const own = pages.data?.pages.flatMap(({ replays }) => replays);
  return (
    <>
      {begun !== undefined && (
        <ReplayWatch id={begun} title="Replay of a time range" onClose={() => setBegun(undefined)} />
      )}
      <SimpleGrid cols={{ base: 1, lg: mayManage ? 2 : 1 }} style={{ alignItems: "start" }}>
        {mayManage && (
          <Card withBorder component="section" aria-labelledby="replay">
            <Title order={2} size="h5" id="replay" mb="xs">
              Replay a time range
            </Title>
            <ReplayForm webhook={webhook} onBegun={setBegun} />
          </Card>
        )}
        <Card withBorder component="section" aria-labelledby="replayed">
          <Title order={2} size="h5" id="replayed" mb="xs">
            Replayed lately
          </Title>
          {pages.error && <PageError problem={pages.error} retry={() => pages.refetch()} />}
          {own === undefined && !pages.error && <RowsSkeleton rows={3} height={44} />}
          {own?.length === 0 && (
            <Text size="sm" c="dimmed">
              Nothing yet. A replay makes up for a time in which the receiver was down or this webhook was
              disabled.
            </Text>
          )}
          {own !== undefined && own.length > 0 && <OwnReplays replays={own} />}
          {pages.hasNextPage && (
            <LinkTo to="/replays" search={{ webhook_id: webhook.id }} size="sm" mt="md">
              All its replays
            </LinkTo>
          )}
        </Card>
      </SimpleGrid>
    </>
  );
}
