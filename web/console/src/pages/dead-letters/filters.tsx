import { CloseButton, Code, Group, Select, Text } from "@mantine/core";
import { EventTypeInput } from "../../parts/event-type-input.tsx";
import { TimeRange } from "../../parts/time-range.tsx";
import { shortId } from "../../parts/webhook-names.ts";
import { WebhookSelect } from "../../parts/webhook-select.tsx";
import { oneOf } from "../../search.ts";
import { type DeadLettersSearch, deadLetterKinds } from "./search.ts";

const kinds = [
  { value: "delivery", label: "Deliveries" },
  { value: "malformed", label: "Unreadable messages" },
] as const;

/** The filters of the dead letters. */
export function Filters(props: { search: DeadLettersSearch; onChange: (search: DeadLettersSearch) => void }) {
  const { search, onChange } = props;
  return (
    <Group gap="xs" mb="sm" role="search" aria-label="Dead letters">
      <Select
        aria-label="Kind"
        placeholder="Any kind"
        w={{ base: "100%", xs: 230 }}
        clearable
        clearButtonProps={{ "aria-label": "Any kind" }}
        data={kinds}
        value={search.kind ?? null}
        onChange={(value) => onChange({ ...search, kind: oneOf(value, deadLetterKinds) })}
      />
      <WebhookSelect
        value={search.webhook_id}
        onChange={(webhook_id) => onChange({ ...search, webhook_id })}
      />
      <EventTypeInput
        value={search.event_type}
        onChange={(event_type) => onChange({ ...search, event_type })}
      />
      <TimeRange value={search} onChange={(range) => onChange({ ...search, ...range })} />
      {search.event_id !== undefined && (
        <Group gap={4} wrap="nowrap">
          <Text size="sm">
            Event <Code>{shortId(search.event_id)}</Code>
          </Text>
          <CloseButton
            size="sm"
            aria-label="Any event"
            onClick={() => onChange({ ...search, event_id: undefined })}
          />
        </Group>
      )}
    </Group>
  );
}
