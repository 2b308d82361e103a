import { CloseButton, Group, SegmentedControl, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useState } from "react";
import { EventTypeInput } from "../../../parts/event-type-input.tsx";
import type { webhooksSearch } from "../search.ts";

/** Typing is over when nothing was typed for so long, in milliseconds. */
const TYPING_MS = 300;

type Filters = ReturnType<typeof webhooksSearch>;

/** What the list is narrowed to; a change begins at the first page again. */
export function WebhookFilters(props: { filters: Filters; onFilter: (filters: Filters) => void }) {
  const { search = "", state, event_type } = props.filters;
  const narrow = (change: Partial<Filters>) =>
    props.onFilter({ ...props.filters, page: undefined, ...change });
  const [text, setText] = useState(search);
  // The address may change without this field: by the browser's "back", or by a link.
  useEffect(() => setText(search), [search]);
  const take = useEffectEvent(() => {
    if (text.trim() !== search) narrow({ search: text.trim() || undefined });
  });
  useEffect(() => {
    const timer = setTimeout(() => take(), text === "" ? 0 : TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <Group mb="md" gap="xs" align="flex-start">
      <TextInput
        aria-label="Search by name or URL"
        placeholder="Name or URL"
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          text !== "" && <CloseButton size="sm" aria-label="Clear the search" onClick={() => setText("")} />
        }
        w={{ base: "100%", xs: 260 }}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <EventTypeInput value={event_type} onChange={(type) => narrow({ event_type: type })} />
      <SegmentedControl
        aria-label="State"
        data={[
          { value: "all", label: "All" },
          { value: "enabled", label: "Enabled" },
          { value: "disabled", label: "Disabled" },
        ]}
        value={state ?? "all"}
        onChange={(chosen) =>
          narrow({ state: chosen === "enabled" || chosen === "disabled" ? chosen : undefined })
        }
      />
    </Group>
  );
}
