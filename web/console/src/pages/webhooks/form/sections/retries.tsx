import { Group, NumberInput, SegmentedControl, Stack, Switch, TextInput } from "@mantine/core";
import { RetryTimeline } from "../../../../parts/retry-timeline.tsx";
import { useField, useWebhookFields } from "../context.ts";
import { planOf } from "../summaries.ts";

/** When a delivery that failed is tried again, drawn as it will be. */
export function Retries() {
  const field = useField();
  const form = useWebhookFields();
  const isSchedule = form.values.retry_mode === "schedule";
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Pauses between attempts"
        w="fit-content"
        data={[
          { value: "backoff", label: "Doubling" },
          { value: "schedule", label: "Own schedule" },
        ]}
        {...field("retry_mode")}
      />
      {isSchedule ? (
        <TextInput
          label="Delays"
          description="One after another, each from the end of the attempt before it; at most 20, of at most 7 days"
          placeholder="10 s, 1 min, 5 min, 1 h, 1 d"
          {...field("retry_schedule")}
        />
      ) : (
        <Group align="flex-start">
          <NumberInput
            label="Retries"
            min={0}
            max={10}
            allowDecimal={false}
            w={140}
            {...field("max_retries")}
          />
          <NumberInput
            label="First delay"
            suffix=" s"
            min={1}
            max={3_600}
            allowDecimal={false}
            w={140}
            {...field("retry_delay_seconds")}
          />
        </Group>
      )}
      <RetryTimeline plan={planOf(form.values)} />
      <Switch
        label="Retry when the receiver refuses"
        description="Answers 400 to 499 other than 408, 410, 425 and 429. Without it such a delivery fails at once."
        {...field("retry_client_errors", { type: "checkbox" })}
      />
    </Stack>
  );
}
