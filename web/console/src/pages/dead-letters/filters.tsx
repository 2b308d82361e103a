import { CloseButton, Code, Group, Select, Text } from "@mantine/core";
import { useWebhooks } from "@posthorn/client/react";
import { EventTypeInput } from "../../parts/event-type-input.tsx";
import { TimeRange } from "../../parts/time-range.tsx";
import { shortId } from "../../parts/webhook-names.ts";
import { oneOf } from "../../search.ts";
import { type DeadLettersSearch, deadLetterKinds } from "./search.ts";

/** Most that the api lists at once. */
const WEBHOOKS_MAX = 500;

const kinds = [
  { value: "delivery", label: "Deliveries" },
  { value: "malformed", label: "Unreadable messages" },
] as const;

/** The filters of the dead letters. */
export function Filters(props: { search: DeadLettersSearch; onChange: (search: DeadLettersSearch) => void }) {
  const { search, onChange } = props;
  const webhooks = useWebhooks({ limit: WEBHOOKS_MAX });
  const known = webhooks.data?.webhooks.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const { webhook_id } = search;
  // A webhook that was deleted, or is not among the first few hundred, is chosen all the same.
  const choices =
    webhook_id === undefined || known.some(({ value }) => value === webhook_id)
      ? known
      : [...known, { value: webhook_id, label: shortId(webhook_id) }];
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
      <Select
        aria-label="Webhook"
        placeholder="Any webhook"
        w={{ base: "100%", xs: 220 }}
        clearable
        clearButtonProps={{ "aria-label": "Any webhook" }}
        searchable
        nothingFoundMessage="No webhook of this name"
        data={choices}
        value={webhook_id ?? null}
        onChange={(value) => onChange({ ...search, webhook_id: value ?? undefined })}
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
