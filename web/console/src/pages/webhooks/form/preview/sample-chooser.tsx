import { Select, Stack, TextInput } from "@mantine/core";
import { wantsOperational } from "@posthorn/client";
import { useEvents } from "@posthorn/client/react";
import { useNow } from "../../../../parts/now.ts";
import { relativeTime } from "../../../../parts/time.ts";
import type { CatalogueType } from "../../../event-types/catalogue.ts";
import { CodeInput } from "../code-input.tsx";
import type { WebhookValues } from "../values.ts";
import { exampleType, type Sample } from "./sample.ts";

const RECENT_MAX = 50;

/** Which event the preview is made of. */
export function SampleChooser(props: {
  sample: Sample;
  onSample: (sample: Sample) => void;
  values: WebhookValues;
  catalogue: readonly CatalogueType[];
}) {
  const { sample, onSample, values, catalogue } = props;
  switch (sample.source) {
    case "example":
      return (
        <Select
          aria-label="Event type of the example"
          placeholder="Event type"
          searchable
          allowDeselect={false}
          nothingFoundMessage="No such event type"
          limit={100}
          data={catalogue.map(({ name }) => name)}
          value={exampleType(sample.exampleType, values.event_types, catalogue) ?? null}
          onChange={(type) => onSample({ ...sample, exampleType: type ?? undefined })}
        />
      );
    case "recent":
      return (
        <RecentEvents
          operational={wantsOperational(values.event_types)}
          value={sample.eventId}
          onChange={(eventId) => onSample({ ...sample, eventId })}
        />
      );
    case "own":
      return (
        <Stack gap="xs">
          <TextInput
            aria-label="Event type of the sample"
            placeholder="user.created"
            value={sample.ownType}
            onChange={(event) => onSample({ ...sample, ownType: event.currentTarget.value })}
          />
          <CodeInput
            aria-label="Data of the sample, as JSON"
            value={sample.ownData}
            onChange={(event) => onSample({ ...sample, ownData: event.currentTarget.value })}
          />
        </Stack>
      );
  }
}

function RecentEvents(props: {
  operational: boolean;
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const now = useNow();
  const { data } = useEvents({ limit: RECENT_MAX, operational: props.operational });
  const events = data?.events ?? [];
  return (
    <Select
      aria-label="Recent event"
      placeholder={data?.events.length === 0 ? "Nothing was published yet" : "Choose an event"}
      searchable
      allowDeselect={false}
      data={events.map(({ id, type, timestamp }) => ({
        value: id,
        label: `${type}, ${relativeTime(timestamp, now)}`,
      }))}
      value={props.value ?? null}
      onChange={(id) => props.onChange(id ?? undefined)}
    />
  );
}
