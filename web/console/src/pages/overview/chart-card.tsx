import {
  Box,
  Card,
  Center,
  ColorSwatch,
  Group,
  getThemeColor,
  Text,
  Title,
  useMantineTheme,
} from "@mantine/core";
import type { ReactNode } from "react";

/** So high is a chart, and what stands in its place while it is loaded. */
export const CHART_HEIGHT = 190;

/** A chart with its title; `words` tell it to whoever does not see it. */
export function ChartCard(props: {
  title: string;
  legend?: readonly { label: string; color: string }[];
  words?: string;
  /** Whether there is nothing to show. */
  isEmpty?: boolean;
  children: ReactNode;
}) {
  const theme = useMantineTheme();
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" mb="xs" gap="xs" mih={22}>
        <Title order={2} size="h6">
          {props.title}
        </Title>
        <Group gap="sm">
          {props.legend?.map(({ label, color }) => (
            <Group key={label} gap={4} wrap="nowrap">
              <ColorSwatch size={9} color={getThemeColor(color, theme)} withShadow={false} />
              <Text size="xs" c="dimmed">
                {label}
              </Text>
            </Group>
          ))}
        </Group>
      </Group>
      <Box h={CHART_HEIGHT} role="img" aria-label={props.words ?? "Loading"}>
        {props.isEmpty ? (
          <Center h="100%">
            <Text size="sm" c="dimmed">
              Nothing in this time
            </Text>
          </Center>
        ) : (
          props.children
        )}
      </Box>
    </Card>
  );
}
