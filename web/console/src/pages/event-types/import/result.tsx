import { Alert, Button, Group, List, ScrollArea, Stack } from "@mantine/core";
import type { ImportedEventTypes } from "@posthorn/client";
import { IconCheck } from "@tabler/icons-react";
import { focusFirst } from "../../../parts/focus.ts";
import { LinkTo } from "../../../parts/to.tsx";

/** What an import did. */
export function ImportResult({ result, onClose }: { result: ImportedEventTypes; onClose: () => void }) {
  const { created, updated, event_types } = result;
  return (
    <Stack>
      <Alert color="teal" icon={<IconCheck aria-hidden />} title="Imported" role="status">
        {created.toLocaleString("en")} new, {updated.toLocaleString("en")} replaced.
      </Alert>
      <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0, "aria-label": "Imported event types" }}>
        <List size="sm" spacing={2} listStyleType="none">
          {event_types.map((name) => (
            <List.Item key={name}>
              <LinkTo to="/event-types/$name" params={{ name }} size="sm" ff="monospace">
                {name}
              </LinkTo>
            </List.Item>
          ))}
        </List>
      </ScrollArea.Autosize>
      <Group justify="flex-end">
        <Button onClick={onClose} ref={focusFirst}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
