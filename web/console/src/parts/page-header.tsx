import { Group, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

/** The head of every page: its one heading, what it is about, and what can be done. */
export function PageHeader(props: {
  title: string;
  /** Beside the title: a badge of the state. */
  aside?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
}) {
  useDocumentTitle(`${props.title} · Posthorn`);
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <Stack gap={2} miw={0} flex="1 1 240px">
        <Group gap="sm">
          <Title order={1} size="h3" lineClamp={2}>
            {props.title}
          </Title>
          {props.aside}
        </Group>
        {props.description !== undefined && (
          <Text c="dimmed" size="sm" component="div">
            {props.description}
          </Text>
        )}
      </Stack>
      {props.actions !== undefined && <Group gap="xs">{props.actions}</Group>}
    </Group>
  );
}
