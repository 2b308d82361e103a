import { SimpleGrid, Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./facts.module.css";

/** Names and their values, side by side as far as there is room. */
export function Facts({ facts, cols }: { facts: readonly (readonly [string, ReactNode])[]; cols?: number }) {
  return (
    <SimpleGrid
      component="dl"
      cols={{ base: 2, xs: 3, md: cols ?? 6 }}
      spacing="md"
      verticalSpacing="xs"
      className={classes.facts}
    >
      {facts.map(([name, value]) => (
        <div key={name}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" fw={500} className={classes.value}>
            {value}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}
