import { Box, Card, Group, Loader, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { WebhookValues } from "../values.ts";
import { PreviewResult } from "./preview-result.tsx";
import type { Sample } from "./sample.ts";
import { SampleChooser } from "./sample-chooser.tsx";
import type { Preview } from "./use-preview.ts";

const sources = [
  { value: "example", label: "Example" },
  { value: "recent", label: "Recent event" },
  { value: "own", label: "Own sample" },
] as const;

/** What would be sent for an event, while the form is filled in. */
export function PreviewPanel(props: {
  values: WebhookValues;
  sample: Sample;
  onSample: (sample: Sample) => void;
  preview: Preview;
}) {
  const { values, sample, onSample, preview } = props;
  const [view, setView] = useState<"body" | "headers">("body");
  return (
    <Card withBorder component="section" aria-label="Preview">
      <Stack gap="sm">
        <Group justify="space-between" mih={28}>
          <Title order={2} size="h4">
            Preview
          </Title>
          {preview.isOld && preview.missing === undefined && (
            <Loader size="xs" role="status" aria-label="Asking" />
          )}
        </Group>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label="The event to preview"
          data={[...sources]}
          value={sample.source}
          onChange={(chosen) => {
            const found = sources.find(({ value }) => value === chosen);
            if (found) onSample({ ...sample, source: found.value });
          }}
        />
        <SampleChooser sample={sample} onSample={onSample} values={values} catalogue={preview.catalogue} />
        <Box aria-live="polite">
          {preview.missing === undefined ? (
            <PreviewResult preview={preview} values={values} view={view} onView={setView} />
          ) : (
            <Text size="sm" c="dimmed">
              {preview.missing}
            </Text>
          )}
        </Box>
      </Stack>
    </Card>
  );
}
