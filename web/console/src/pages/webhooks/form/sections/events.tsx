import { Stack } from "@mantine/core";
import { CodeInput } from "../code-input.tsx";
import { useField, useWebhookFields } from "../context.ts";
import { FormSection } from "../section.tsx";
import { EventPicker } from "./event-picker.tsx";

/** Which events are delivered. */
export function Events() {
  const field = useField();
  const form = useWebhookFields();
  return (
    <FormSection
      title="Events"
      description="What it gets: events of these types, if the filter lets them pass."
    >
      <Stack gap="sm">
        <EventPicker
          value={form.values.event_types}
          onChange={(patterns) => form.setFieldValue("event_types", patterns)}
          error={field("event_types").error}
        />
        <CodeInput
          label="Filter"
          description="An expression over data, type, id, timestamp and tenant. Without one every event passes."
          placeholder="data.amount > 100"
          minRows={1}
          maxRows={8}
          maxLength={4096}
          {...field("filter")}
        />
      </Stack>
    </FormSection>
  );
}
