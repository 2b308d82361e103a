import { Card, Group, SegmentedControl, SimpleGrid, Title } from "@mantine/core";
import type { Statistics as StatisticsOf } from "@posthorn/client";
import { useWebhookStatistics } from "@posthorn/client/react";
import { IconChartBar } from "@tabler/icons-react";
import { EmptyState } from "../../../parts/empty-state.tsx";
import { useNow } from "../../../parts/now.ts";
import { PageError } from "../../../parts/page-error.tsx";
import { duration } from "../../../parts/time.ts";
import { Figure } from "../../overview/figure.tsx";
import { count, percent } from "../../overview/format.ts";
import { LazyCharts } from "../../overview/lazy-charts.tsx";
import { DEFAULT_RANGE, plans, statisticsOf } from "../../overview/range.ts";
import { type OverviewRange, overviewRanges } from "../../overview/search.ts";
import { pointsOf } from "../../overview/series.ts";
import { ByEventType } from "./by-event-type.tsx";

const LIVE_MS = 5_000;

/** How a webhook's deliveries fare over time, by event type, and how fast its receiver answers. */
export function Statistics(props: {
  id: string;
  range: OverviewRange | undefined;
  onRange: (range: OverviewRange) => void;
}) {
  const range = props.range ?? DEFAULT_RANGE;
  const now = useNow();
  const statistics = useWebhookStatistics(props.id, statisticsOf(range, now), { refetchInterval: LIVE_MS });
  const { data } = statistics;
  return (
    <>
      <Group justify="flex-end" mb="sm">
        <SegmentedControl
          aria-label="Time range"
          size="xs"
          data={overviewRanges.map((value) => ({ value, label: plans[value].label }))}
          value={range}
          onChange={(value) => props.onRange(value as OverviewRange)}
        />
      </Group>
      {statistics.error && <PageError problem={statistics.error} retry={() => statistics.refetch()} />}
      <Figures statistics={data} />
      <LazyCharts
        points={data && pointsOf(data, plans[range].merged, statistics.dataUpdatedAt)}
        range={range}
      />
      {data?.deliveries === 0 ? (
        <EmptyState icon={IconChartBar} title={`Nothing was delivered ${plans[range].words}`}>
          Choose a longer time, or send an event that this webhook wants.
        </EmptyState>
      ) : (
        data && (
          <Card withBorder component="section" aria-labelledby="by-event-type">
            <Title order={2} size="h5" id="by-event-type" mb="xs">
              By event type
            </Title>
            <ByEventType types={data.event_types} webhook={props.id} />
          </Card>
        )
      )}
    </>
  );
}

function Figures({ statistics }: { statistics: StatisticsOf | undefined }) {
  const share = statistics && (statistics.success_rate ?? null);
  const latency = statistics?.latency_ms;
  const attempts = statistics?.average_attempts;
  const time = (value: number | null | undefined) =>
    statistics && (value === null || value === undefined ? "–" : duration(value));
  return (
    <SimpleGrid cols={{ base: 2, sm: 4, xl: 8 }} spacing="sm" mb="md">
      <Figure
        label="Success rate"
        value={share === undefined ? undefined : percent(share === null ? null : share * 100)}
        note="of settled ones"
      />
      <Figure label="Deliveries" value={statistics && count(statistics.deliveries)} />
      <Figure label="Failed" value={statistics && count(statistics.failures)} note="for good" />
      <Figure
        label="Attempts"
        value={statistics && (typeof attempts === "number" ? attempts.toFixed(2) : "–")}
        note="for each delivery"
      />
      <Figure label="Latency, p50" value={time(latency?.p50)} note="half answer faster" />
      <Figure label="p90" value={time(latency?.p90)} note="9 of 10 do" />
      <Figure label="p95" value={time(latency?.p95)} note="19 of 20 do" />
      <Figure label="p99" value={time(latency?.p99)} note="99 of 100 do" />
    </SimpleGrid>
  );
}
