import { Group, Radio, SimpleGrid, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { type IntegrationType, integrationOf, integrations } from "@posthorn/client";
import { IntegrationIcon } from "../../../../parts/integration-icon.tsx";
import { useField, useStored, useWebhookFields } from "../context.ts";
import { integrationOfUrl } from "../integration-of-url.ts";
import { FormSection } from "../section.tsx";
import classes from "./destination.module.css";
import { UrlField } from "./url-field.tsx";

/** What is behind the URL, where that is, and what people call it. */
export function Destination() {
  const field = useField();
  const form = useWebhookFields();
  const isNew = useStored() === undefined;
  const { integration_type, payload_format, url } = form.values;
  const kind = integrationOf(integration_type);
  const choose = (type: IntegrationType) => {
    form.setFieldValue("integration_type", type);
    // A chat service gets its message, or what a template makes.
    if (type !== "generic" && payload_format !== "template") form.setFieldValue("payload_format", "standard");
  };
  const guess = integrationOfUrl(url);
  return (
    <FormSection title="Destination" description="Who gets the events.">
      <Radio.Group
        label="Receiver"
        value={integration_type}
        onChange={(type) => {
          const chosen = integrations.find((integration) => integration.type === type);
          if (chosen) choose(chosen.type);
        }}
      >
        <SimpleGrid type="container" cols={{ base: 2, "420px": 3, "760px": 5 }} spacing="xs" mt={4}>
          {integrations.map(({ type, name }) => (
            <Radio.Card key={type} value={type} className={classes.card} p="xs" aria-label={name}>
              <Group gap="xs" wrap="nowrap">
                <IntegrationIcon type={type} />
                <Text size="sm" fw={500} lh={1.25} flex={1}>
                  {name}
                </Text>
                <Radio.Indicator size="xs" />
              </Group>
            </Radio.Card>
          ))}
        </SimpleGrid>
        <Text size="sm" c="dimmed" mt={6}>
          {kind.help}
        </Text>
      </Radio.Group>
      <UrlField
        guess={guess === integration_type ? undefined : guess}
        onGuess={choose}
        placeholder={kind.urlHint}
      />
      {integration_type === "telegram" && (
        <Group align="flex-start" grow preventGrowOverflow={false}>
          <TextInput
            label="Chat"
            required
            placeholder="-1001234567890 or @channel"
            description="The chat's id, or a channel's name"
            {...field("integration.chat_id")}
          />
          <TextInput
            label="Topic"
            placeholder="Its thread id"
            description="For one topic of a group"
            {...field("integration.message_thread_id")}
          />
        </Group>
      )}
      {integration_type === "discord" && (
        <TextInput
          label="Title of posts"
          placeholder="Orders"
          description="Only for a forum: each message begins a post with this title"
          maxLength={100}
          {...field("integration.thread_name")}
        />
      )}
      <TextInput label="Name" required maxLength={100} placeholder="Billing alerts" {...field("name")} />
      <Textarea
        label="Description"
        autosize
        minRows={1}
        maxRows={6}
        maxLength={1000}
        placeholder="Who runs it, and whom to ask"
        {...field("description")}
      />
      {isNew && (
        <Stack gap={0}>
          <Switch
            label="Deliver at once"
            description="It gets each event that is accepted from the moment it is created. Otherwise it begins disabled."
            {...field("enabled", { type: "checkbox" })}
          />
        </Stack>
      )}
    </FormSection>
  );
}
