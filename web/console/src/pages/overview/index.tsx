import { Grid, SegmentedControl, Stack } from "@mantine/core";
import { useStatistics } from "@posthorn/client/react";
import { Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import { useNow } from "../../parts/now.ts";
import { PageError } from "../../parts/page-error.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { useSession } from "../../session/session.tsx";
import { Begin } from "./begin.tsx";
import { Figures } from "./figures.tsx";
import { Health } from "./health.tsx";
import { LazyCharts } from "./lazy-charts.tsx";
import { LIVE_MS } from "./live.ts";
import { DEFAULT_RANGE, plans, statisticsOf } from "./range.ts";
import { RecentFailures } from "./recent-failures.tsx";
import { type OverviewRange, overviewRanges } from "./search.ts";
import { lately, pointsOf } from "./series.ts";
import { TroubledWebhooks } from "./troubled-webhooks.tsx";
import { Waiting } from "./waiting.tsx";

/** The rate of the present is taken over so many minutes. */
const LATELY_MINUTES = 15;

export default function Page() {
  const { mayView } = useSession();
  // Whose key may only publish has one page.
  return mayView ? <Overview /> : <Navigate to="/events/new" replace />;
}

function Overview() {
  const { range = DEFAULT_RANGE } = useSearch({ from: "/" });
  const navigate = useNavigate();
  const now = useNow();
  const live = { refetchInterval: LIVE_MS };
  const statistics = useStatistics(statisticsOf(range, now), live);
  const recent = useStatistics(statisticsOf("1h", now), live);
  const points = statistics.data && pointsOf(statistics.data, plans[range].merged, statistics.dataUpdatedAt);
  const rate = recent.data && lately(pointsOf(recent.data, 1, recent.dataUpdatedAt), LATELY_MINUTES);
  return (
    <>
      <PageHeader
        title="Overview"
        actions={
          <SegmentedControl
            aria-label="Time range"
            size="xs"
            data={overviewRanges.map((value) => ({ value, label: plans[value].label }))}
            value={range}
            onChange={(value) =>
              navigate({ to: "/", search: { range: value as OverviewRange }, replace: true })
            }
          />
        }
      />
      <Begin />
      {statistics.error && <PageError problem={statistics.error} retry={() => statistics.refetch()} />}
      <Figures statistics={statistics.data} rate={rate} range={range} now={now} />
      <LazyCharts
        points={points}
        range={range}
        onPoint={({ start, end }) =>
          navigate({
            to: "/deliveries",
            search: { since: new Date(start).toISOString(), until: new Date(end).toISOString() },
          })
        }
      />
      <Grid gap="sm">
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="sm">
            <Health />
            <TroubledWebhooks />
            <Waiting />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <RecentFailures />
        </Grid.Col>
      </Grid>
    </>
  );
}
