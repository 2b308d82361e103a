import { Alert, Card, Code, Group, Stack, Text, Title } from "@mantine/core";
import type { CreatedWebhook } from "@posthorn/client";
import { IconKey } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { CodeBlock } from "../../../parts/code-block.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { ButtonTo } from "../../../parts/to.tsx";
import { Verification } from "../../../parts/verification.tsx";

/** What comes after a webhook was created: its secret, shown here once, and what the receiver does with it. */
export function Created({ webhook }: { webhook: CreatedWebhook }) {
  const top = useRef<HTMLDivElement>(null);
  // The form that had the focus is gone, and the reader may have been at its end.
  useEffect(() => {
    top.current?.focus();
    window.scrollTo({ top: 0 });
  }, []);
  return (
    <Stack gap="md" maw={860} ref={top} tabIndex={-1} style={{ outline: "none" }}>
      <PageHeader
        title={`${webhook.name} is created`}
        description={
          webhook.enabled
            ? "It gets each event that is accepted from now on."
            : "It is disabled: enable it when its receiver is ready."
        }
      />
      <Alert icon={<IconKey aria-hidden />} title="Its signing secret" color="horn">
        <Stack gap="xs">
          <Text size="sm">
            Copy it now and give it to the receiver, as <Code>WEBHOOK_SECRET</Code> in its environment. It is
            shown once; to see it later, reveal it on the webhook's page, which the audit log records.
          </Text>
          <CodeBlock code={webhook.signing_secret} label="The signing secret" wrap />
        </Stack>
      </Alert>
      <Card withBorder component="section" aria-label="Verify what arrives">
        <Stack gap="sm">
          <Title order={2} size="h4">
            Verify what arrives
          </Title>
          <Verification />
        </Stack>
      </Card>
      <Group gap="xs">
        <ButtonTo to="/webhooks/$id" params={{ id: webhook.id }}>
          Test it
        </ButtonTo>
        <ButtonTo to="/webhooks" variant="default">
          All webhooks
        </ButtonTo>
      </Group>
    </Stack>
  );
}
