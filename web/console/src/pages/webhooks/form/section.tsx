import { Card, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A part of the form that is always open. */
export function FormSection(props: { title: string; description: string; children: ReactNode }) {
  return (
    <Card withBorder component="section" aria-label={props.title}>
      <Stack gap="sm">
        <div>
          <Title order={2} size="h4">
            {props.title}
          </Title>
          <Text size="sm" c="dimmed">
            {props.description}
          </Text>
        </div>
        {props.children}
      </Stack>
    </Card>
  );
}
