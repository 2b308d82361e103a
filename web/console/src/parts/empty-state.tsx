import { Center, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** Says why nothing is shown, and what to do next. */
export function EmptyState(props: {
  icon: Icon;
  title: string;
  children: ReactNode;
  action?: ReactNode;
  /** Whether nothing else is on the page, so that this is its heading. */
  isPage?: boolean;
}) {
  return (
    <Center py={48} px="md">
      <Stack align="center" gap="xs" maw={460} ta="center">
        <ThemeIcon size={44} radius="xl" variant="default" aria-hidden>
          <props.icon size={22} stroke={1.5} />
        </ThemeIcon>
        <Title order={props.isPage ? 1 : 2} size="h4">
          {props.title}
        </Title>
        <Text c="dimmed" size="sm">
          {props.children}
        </Text>
        {props.action}
      </Stack>
    </Center>
  );
}
