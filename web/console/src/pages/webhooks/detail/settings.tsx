import { Badge, Card, Code, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { integrationOf, type Webhook } from "@posthorn/client";
import type { ReactNode } from "react";
import { CodeBlock } from "../../../parts/code-block.tsx";
import { Facts } from "../../../parts/facts.tsx";
import { HeadersTable } from "../../../parts/headers-table.tsx";
import { IntegrationIcon } from "../../../parts/integration-icon.tsx";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { retryPlan } from "../../../parts/retry-plan.ts";
import { RetryTimeline } from "../../../parts/retry-timeline.tsx";
import { authWords, formatWords, limitWords, tlsWords } from "./settings-words.ts";

/** All settings of a webhook, to be read. */
export function Settings({ webhook }: { webhook: Webhook }) {
  const { filter, payload_template, custom_headers, integration } = webhook;
  const hasHeaders = Object.keys(custom_headers).length > 0;
  const hasIntegration = Object.keys(integration).length > 0;
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Section title="Destination">
          <Facts
            cols={2}
            facts={[
              [
                "Kind",
                <Group key="kind" gap={6} wrap="nowrap">
                  <IntegrationIcon type={webhook.integration_type} />
                  {integrationOf(webhook.integration_type).name}
                </Group>,
              ],
              ["Payload", formatWords(webhook.payload_format)],
              ["Authentication", authWords(webhook.auth)],
              ["TLS", tlsWords(webhook.tls)],
            ]}
          />
          {hasIntegration && (
            <CodeBlock code={JSON.stringify(integration, null, 2)} label="Settings of the integration" />
          )}
        </Section>
        <Section title="Events">
          <Group gap={6}>
            {webhook.event_types.map((pattern) => (
              <Badge key={pattern} variant="default" tt="none" ff="monospace" fw={500}>
                {pattern}
              </Badge>
            ))}
          </Group>
          {filter ? (
            <CodeBlock code={filter} label="Filter" wrap />
          ) : (
            <Text size="sm" c="dimmed">
              No filter: every event of these types is delivered.
            </Text>
          )}
        </Section>
      </SimpleGrid>
      <Section title="Retries">
        <RetryTimeline plan={retryPlan(webhook)} />
        <Text size="sm" c="dimmed">
          {webhook.retry_client_errors
            ? "What the receiver refuses (4xx) is tried again too."
            : "What the receiver refuses (4xx) is not tried again, but for 408, 425 and 429."}
        </Text>
      </Section>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Section title="Limits">
          <Facts cols={2} facts={limitWords(webhook)} />
        </Section>
        <Section title="Headers">
          <Text size="sm">
            Signature: <Code>webhook-signature</Code>, and <Code>{webhook.signature_header.name}</Code> as{" "}
            {webhook.signature_header.format.replace("_", " ")}
          </Text>
          {hasHeaders && <HeadersTable headers={custom_headers} label="Custom headers" />}
        </Section>
      </SimpleGrid>
      {payload_template && (
        <Section title="Template">
          <CodeBlock code={payload_template} label="Payload template" maxHeight={420} />
        </Section>
      )}
      <Section title="History">
        <Facts
          cols={4}
          facts={[
            ["Created", <RelativeTime key="created" at={webhook.created_at} />],
            ["Created by", webhook.created_by],
            ["Changed", <RelativeTime key="changed" at={webhook.updated_at} />],
            ["Changed by", webhook.updated_by],
          ]}
        />
      </Section>
    </Stack>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      <Stack gap="sm">{children}</Stack>
    </Card>
  );
}
