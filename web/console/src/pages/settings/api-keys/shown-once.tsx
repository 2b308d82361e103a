import { Alert, Button, CopyButton, Group, Stack, Text, TextInput } from "@mantine/core";
import type { IssuedApiKey } from "@posthorn/client";
import { IconAlertTriangle, IconCheck, IconCopy } from "@tabler/icons-react";
import { CodeBlock } from "../../../parts/code-block.tsx";
import { focusFirst } from "../../../parts/focus.ts";

/** A key that was just issued. */
export function ShownOnce({ issued, onClose }: { issued: IssuedApiKey; onClose: () => void }) {
  return (
    <Stack>
      <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="Copy it now">
        Posthorn keeps only a hash of it: it is never shown again.
      </Alert>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          label="API key"
          readOnly
          flex={1}
          value={issued.key}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={issued.key}>
          {({ copied, copy }) => (
            <Button
              w={110}
              onClick={copy}
              ref={focusFirst}
              leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </Group>
      {(issued.role === "publisher" || issued.role === "manager") && (
        <div>
          <Text size="sm" fw={500} mb={4}>
            Send an event with it
          </Text>
          <CodeBlock code={curl()} label="Command" wrap />
        </div>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}

/** The key comes from the environment: what is typed into a shell stays in its history. */
function curl(): string {
  return [
    `curl ${window.location.origin}/api/v1/events \\`,
    '  -H "Authorization: Bearer $POSTHORN_API_KEY" \\',
    "  -H 'Content-Type: application/json' \\",
    `  -d '{"type": "user.created", "data": {"id": 1}}'`,
  ].join("\n");
}
