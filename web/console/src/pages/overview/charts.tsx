import { BarChart, LineChart } from "@mantine/charts";
import { SimpleGrid } from "@mantine/core";
import { duration } from "../../parts/time.ts";
import { ChartCard } from "./chart-card.tsx";
import { axisLabel, spanLabel } from "./chart-time.ts";
import { ChartTip, type TipSeries } from "./chart-tip.tsx";
import { percent, perMinute } from "./format.ts";
import type { OverviewRange } from "./search.ts";
import type { Point } from "./series.ts";

/** Where there are more points than this, they have no dot each. */
const DOTS_MAX = 32;

/** Each number has its line, and stands beside it: otherwise the one at the top is moved, and a line is left out. */
const everyLine = { interval: 0 };
/** Room for the upper half of the number at the top. */
const margin = { top: 10 };

export interface ChartsProps {
  points: readonly Point[];
  range: OverviewRange;
  /** Is told which point somebody wants to see more of. */
  onPoint?: (point: Point) => void;
}

const outcomes: TipSeries[] = [
  { name: "succeeded", label: "Succeeded", color: "teal.6" },
  { name: "failed", label: "Failed", color: "red.7" },
  { name: "open", label: "Open", color: "gray.5" },
];
const successRate: TipSeries[] = [{ name: "successRate", label: "Success rate", color: "teal.6" }];
const latency: TipSeries[] = [{ name: "latency", label: "Average latency", color: "blue.6" }];

/** Deliveries, their success and their latency over time. */
export function Charts({ points, range, onPoint }: ChartsProps) {
  const of = (series: TipSeries[], format: (value: number) => string) => ({
    h: "100%",
    data: [...points],
    dataKey: "start",
    series,
    valueFormatter: format,
    tickLine: "none" as const,
    // Whoever does not see the chart is told its numbers in words.
    accessibilityLayer: false,
    xAxisProps: { tickFormatter: (start: number) => axisLabel(start, range), minTickGap: 28 },
    tooltipProps: {
      content: ({ label }: { label?: string | number }) => {
        const point = points.find(({ start }) => start === label);
        return (
          point && <ChartTip title={spanLabel(point, range)} point={point} series={series} format={format} />
        );
      },
    },
  });
  const choose = ({ activeLabel }: { activeLabel?: string | number | undefined }) => {
    const point = points.find(({ start }) => start === Number(activeLabel));
    if (point !== undefined) onPoint?.(point);
  };
  const lines = (of: "successRate" | "latency") => ({
    curveType: "linear" as const,
    // A line needs two points: a lonely one is seen by its dot.
    withDots: points.filter((point) => point[of] !== null).length <= DOTS_MAX,
    lineProps: { isAnimationActive: false },
  });
  return (
    <SimpleGrid cols={{ base: 1, lg: 3 }} spacing="sm" mb="md">
      <ChartCard
        title="Deliveries a minute"
        legend={outcomes}
        words={volumeWords(points)}
        isEmpty={points.every(({ deliveries }) => deliveries === 0)}
      >
        <BarChart
          {...of(outcomes, perMinute)}
          type="stacked"
          barProps={{ isAnimationActive: false }}
          yAxisProps={everyLine}
          barChartProps={{ onClick: choose, style: { cursor: onPoint && "pointer" }, margin }}
        />
      </ChartCard>
      <ChartCard
        title="Success rate"
        words={rangeWords(points, "successRate", percent)}
        isEmpty={lacks(points, "successRate")}
      >
        <LineChart
          {...of(successRate, percent)}
          {...lines("successRate")}
          yAxisProps={{ ...everyLine, domain: [0, 100] }}
          lineChartProps={{ margin }}
        />
      </ChartCard>
      <ChartCard
        title="Average latency"
        words={rangeWords(points, "latency", duration)}
        isEmpty={lacks(points, "latency")}
      >
        <LineChart
          {...of(latency, duration)}
          {...lines("latency")}
          yAxisProps={everyLine}
          lineChartProps={{ margin }}
        />
      </ChartCard>
    </SimpleGrid>
  );
}

function lacks(points: readonly Point[], what: "successRate" | "latency"): boolean {
  return points.every((point) => point[what] === null);
}

function volumeWords(points: readonly Point[]): string {
  const rates = points.map(({ succeeded, failed, open }) => succeeded + failed + open);
  const failed = Math.max(0, ...points.map((point) => point.failed));
  return `At most ${perMinute(Math.max(0, ...rates))} a minute; of failed ones at most ${perMinute(failed)}.`;
}

function rangeWords(
  points: readonly Point[],
  of: "successRate" | "latency",
  format: (value: number) => string,
): string {
  const values = points.map((point) => point[of]).filter((value) => value !== null);
  if (values.length === 0) return "Nothing to show yet.";
  return `Between ${format(Math.min(...values))} and ${format(Math.max(...values))}; ${format(values.at(-1) ?? 0)} at the end.`;
}
