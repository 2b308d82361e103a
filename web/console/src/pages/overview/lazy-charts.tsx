import { SimpleGrid, Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import { CHART_HEIGHT, ChartCard } from "./chart-card.tsx";
import type { OverviewRange } from "./search.ts";
import type { Point } from "./series.ts";

// Most of what this page weighs: loaded while its numbers are asked for.
const Charts = lazy(async () => ({ default: (await import("./charts.tsx")).Charts }));

/** The charts, or their places while they are loaded. */
export function LazyCharts({
  points,
  range,
}: {
  points: readonly Point[] | undefined;
  range: OverviewRange;
}) {
  return points === undefined ? (
    <Places />
  ) : (
    <Suspense fallback={<Places />}>
      <Charts points={points} range={range} />
    </Suspense>
  );
}

function Places() {
  return (
    <SimpleGrid cols={{ base: 1, lg: 3 }} spacing="sm" mb="md">
      {["Deliveries a minute", "Success rate", "Average latency"].map((title) => (
        <ChartCard key={title} title={title}>
          <Skeleton h={CHART_HEIGHT} />
        </ChartCard>
      ))}
    </SimpleGrid>
  );
}
