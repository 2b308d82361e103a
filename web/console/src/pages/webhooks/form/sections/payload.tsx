import { Anchor, Button, Group, Select, Stack, Text } from "@mantine/core";
import { integrationOf, type PayloadFormat } from "@posthorn/client";
import { useRef } from "react";
import { CodeInput } from "../code-input.tsx";
import { useField, useWebhookFields } from "../context.ts";
import { formatWords, templateStart } from "../payload-words.ts";

const formats: readonly PayloadFormat[] = [
  "standard",
  "raw",
  "cloudevents",
  "cloudevents_binary",
  "classic",
  "template",
];

/** The shape of what is sent. */
export function Payload() {
  const field = useField();
  const form = useWebhookFields();
  const { payload_format, payload_template, integration_type } = form.values;
  const template = useRef<HTMLTextAreaElement>(null);
  const isChat = integration_type !== "generic";
  const offered = isChat ? formats.filter((one) => one === "standard" || one === "template") : formats;
  const nameOf = (format: PayloadFormat) =>
    isChat && format === "standard"
      ? `Message for ${integrationOf(integration_type).name}`
      : formatWords[format].name;
  return (
    <Stack gap="sm">
      <Select
        label="Format"
        maw={360}
        allowDeselect={false}
        data={offered.map((value) => ({ value, label: nameOf(value) }))}
        value={payload_format}
        onChange={(chosen) => {
          const format = offered.find((one) => one === chosen);
          if (format) form.setFieldValue("payload_format", format);
        }}
      />
      <Text size="sm" c="dimmed">
        {isChat && payload_format === "standard"
          ? "A title made of the event's type, and the members of its data as fields."
          : formatWords[payload_format].help}
      </Text>
      {payload_format === "template" && (
        <>
          <CodeInput
            ref={template}
            label="Template"
            description={
              <>
                <Anchor
                  href="https://jinja.palletsprojects.com/en/stable/templates/"
                  target="_blank"
                  rel="noreferrer"
                  size="xs"
                  underline="always"
                >
                  Jinja
                </Anchor>{" "}
                over data, type, id, timestamp, tenant and ce (CloudEvents attributes). Write{" "}
                {"{{ data.name | tojson }}"} for a value of JSON.
              </>
            }
            placeholder={templateStart(integration_type)}
            maxLength={65_536}
            minRows={6}
            {...field("payload_template")}
          />
          {payload_template === "" && (
            <Group>
              <Button
                size="compact-sm"
                variant="light"
                onClick={() => {
                  form.setFieldValue("payload_template", templateStart(integration_type));
                  // This button vanishes, and the template is what comes next.
                  template.current?.focus();
                }}
              >
                Begin with an example
              </Button>
            </Group>
          )}
        </>
      )}
    </Stack>
  );
}
