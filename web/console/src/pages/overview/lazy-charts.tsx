import { SimpleGrid, Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import { CHART_HEIGHT, ChartCard } from "./chart-card.tsx";
import type { ChartsProps } from "./charts.tsx";

// Most of what this page weighs: loaded while its numbers are asked for.
const Charts = lazy(async () => ({ default: (await import("./charts.tsx")).Charts }));

/** The charts, or their places while they are loaded. */
export function LazyCharts(
  props: Omit<ChartsProps, "points"> & { points: ChartsProps["points"] | undefined },
) {
  const { points, range, onPoint } = props;
  return points === undefined ? (
    <Places />
  ) : (
    <Suspense fallback={<Places />}>
      <Charts points={points} range={range} onPoint={onPoint} />
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
