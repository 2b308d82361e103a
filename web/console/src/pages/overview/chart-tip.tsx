import { ColorSwatch, Group, getThemeColor, Paper, Text, useMantineTheme } from "@mantine/core";
import type { Point } from "./series.ts";

export interface TipSeries {
  name: "succeeded" | "failed" | "open" | "successRate" | "latency";
  label: string;
  color: string;
}

/** What a point of a chart says when it is pointed at. */
export function ChartTip(props: {
  title: string;
  point: Point;
  series: readonly TipSeries[];
  format: (value: number) => string;
}) {
  const theme = useMantineTheme();
  return (
    <Paper withBorder shadow="md" px="sm" py={6}>
      <Text size="xs" fw={600} mb={4}>
        {props.title}
      </Text>
      {props.series.map(({ name, label, color }) => {
        const value = props.point[name];
        return (
          <Group key={name} gap={6} wrap="nowrap" justify="space-between">
            <Group gap={6} wrap="nowrap">
              <ColorSwatch size={10} color={getThemeColor(color, theme)} withShadow={false} />
              <Text size="xs">{label}</Text>
            </Group>
            <Text size="xs" fw={500}>
              {value === null ? "–" : props.format(value)}
            </Text>
          </Group>
        );
      })}
    </Paper>
  );
}
