import { Button, Card, Code, CopyButton, Group, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconTerminal2 } from "@tabler/icons-react";
import { HeadersTable } from "../../../parts/headers-table.tsx";
import { Payload } from "../../../parts/payload.tsx";
import { asCurl, curlVariables } from "./curl.ts";
import type { SentDelivery } from "./query.ts";

/** What was sent the last time. */
export function RequestCard({ delivery, url }: { delivery: SentDelivery; url: string | undefined }) {
  const headers = delivery.request_headers;
  return (
    <Card withBorder component="section" aria-labelledby="request">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5" id="request">
          Last request
        </Title>
        {headers && url !== undefined && !delivery.request_payload_truncated && (
          <CurlButton
            command={asCurl({ url, headers, body: delivery.sentBody })}
            variables={curlVariables(headers)}
          />
        )}
      </Group>
      <Stack gap="sm">
        {url !== undefined && (
          <Group gap="xs" wrap="nowrap" align="baseline">
            <Code flex="none">POST</Code>
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              {url}
            </Text>
          </Group>
        )}
        {headers && <HeadersTable headers={headers} label="Headers of the last request" />}
        {delivery.sentBody === null ? (
          <Text size="sm" c="dimmed">
            {headers ? "The event is no longer kept, so its payload is not known." : "Nothing was sent yet."}
          </Text>
        ) : (
          <>
            {delivery.request_payload_truncated && (
              <Text size="sm" c="dimmed">
                The first 64 KiB of {headers?.["content-length"]} bytes. The rest is not kept.
              </Text>
            )}
            <Payload text={delivery.sentBody} label="Request body" />
          </>
        )}
      </Stack>
    </Card>
  );
}

function CurlButton({ command, variables }: { command: string; variables: readonly string[] }) {
  return (
    <Group gap="xs">
      {variables.length > 0 && (
        <Text size="xs" c="dimmed">
          Set {variables.map((name) => `$${name}`).join(", ")} first
        </Text>
      )}
      <CopyButton value={command}>
        {({ copied, copy }) => (
          <Button
            size="xs"
            variant="default"
            leftSection={
              copied ? <IconCheck size={14} aria-hidden /> : <IconTerminal2 size={14} aria-hidden />
            }
            onClick={copy}
          >
            {copied ? "Copied" : "Copy as curl"}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
