import { Card, Code, Stack, Text, Title } from "@mantine/core";
import { HeadersTable } from "../../../parts/headers-table.tsx";
import { Payload } from "../../../parts/payload.tsx";
import type { SentDelivery } from "./query.ts";

/** What came back the last time. */
export function ResponseCard({ delivery }: { delivery: SentDelivery }) {
  const { status_code, response_headers, response_body, attempts } = delivery;
  const hasAnswer = status_code !== null && status_code !== undefined;
  return (
    <Card withBorder component="section" aria-labelledby="response">
      <Title order={2} size="h5" id="response" mb="xs">
        Last response
      </Title>
      {hasAnswer ? (
        <Stack gap="sm">
          <Text size="sm">
            Status <Code>{status_code}</Code>
          </Text>
          {response_headers && (
            <HeadersTable headers={response_headers} label="Headers of the last response" />
          )}
          {response_body ? (
            <Payload text={response_body} label="Response body" />
          ) : (
            <Text size="sm" c="dimmed">
              The body was empty.
            </Text>
          )}
        </Stack>
      ) : (
        <Text size="sm" c="dimmed">
          {attempts.length === 0 ? "Nothing was sent yet." : "No answer came."}
        </Text>
      )}
    </Card>
  );
}
