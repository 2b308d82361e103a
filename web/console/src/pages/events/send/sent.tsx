import { Alert, Button, Card, Code, Group, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconCopyOff } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { CopyButton } from "../../../parts/copy-button.tsx";
import { LinkTo } from "../../../parts/to.tsx";
import { useSession } from "../../../session/session.tsx";
import { WhereItWent } from "../where-it-went.tsx";
import type { Sent } from "./use-send.ts";

/** The event that was sent last, and its deliveries as they are made. */
export function SentEvent({ sent, onClose }: { sent: Sent; onClose: () => void }) {
  const { mayView } = useSession();
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever hears the page is told, and a narrow screen shows what came of it.
  useEffect(() => {
    if (sent.id !== "") heading.current?.focus();
  }, [sent.id]);
  return (
    <Card withBorder padding="md" component="section" aria-label="The event that was sent">
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2} size="h5" ref={heading} tabIndex={-1}>
            Accepted: {sent.type}
          </Title>
          <Button size="compact-xs" variant="default" onClick={onClose}>
            Clear
          </Button>
        </Group>
        <Group gap={6}>
          <Text size="sm">
            Event <Code>{sent.id}</Code>
          </Text>
          <CopyButton value={sent.id} label="Copy the event's id" />
        </Group>
        {sent.duplicate ? (
          <Alert
            color="yellow"
            icon={<IconCopyOff aria-hidden />}
            title="An event with this key was there before"
          >
            Nothing new was published. This is the first event with the idempotency key.
          </Alert>
        ) : (
          <Group gap={6}>
            <IconCheck size={16} color="var(--mantine-color-teal-text)" aria-hidden />
            <Text size="sm">Stored. Nothing can lose it from here on.</Text>
          </Group>
        )}
        {mayView && (
          <>
            <Title order={3} size="h6">
              Where it goes
            </Title>
            <WhereItWent
              event={sent.id}
              nothing="No webhook has it yet. If it stays like this, no webhook wants events of this type with this data."
            />
            <Text size="sm">
              <LinkTo to="/events/$id" params={{ id: sent.id }} underline="always" inherit>
                Open the event
              </LinkTo>
            </Text>
          </>
        )}
      </Stack>
    </Card>
  );
}
