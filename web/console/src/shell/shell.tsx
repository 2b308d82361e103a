import { ActionIcon, AppShell, Burger, Group, ScrollArea, Text, Tooltip } from "@mantine/core";
import { useDisclosure, useReducedMotion } from "@mantine/hooks";
import { IconLogout } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useSession } from "../session/session.tsx";
import { ColorSchemeSwitch } from "./color-scheme-switch.tsx";
import { Navigation } from "./navigation.tsx";
import { TenantSwitch } from "./tenant-switch.tsx";

/** The frame of every page. */
export function Shell({ children }: { children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const isStill = useReducedMotion();
  const { name, role, signOut } = useSession();
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: "md", collapsed: { mobile: !isOpen } }}
      padding={{ base: "sm", sm: "lg" }}
      // Unlike other components it does not ask by itself.
      transitionDuration={isStill ? 0 : undefined}
    >
      <a href="#content" className="skip-link">
        Skip to the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="sm" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={isOpen ? "Close the menu" : "Open the menu"}
            />
            <Text component={Link} to="/" fw={700} size="lg" c="inherit" td="none">
              Posthorn
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <TenantSwitch />
            <ColorSchemeSwitch />
            <Tooltip label={`Sign out (${name}, ${role})`}>
              <ActionIcon variant="default" size="md" onClick={signOut} aria-label="Sign out">
                <IconLogout size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        <ScrollArea>
          <Navigation onChoose={close} />
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {children}
      </AppShell.Main>
    </AppShell>
  );
}
