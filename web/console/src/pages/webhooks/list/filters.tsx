import { Group, SegmentedControl } from "@mantine/core";
import { EventTypeInput } from "../../../parts/event-type-input.tsx";
import { SearchInput } from "../../../parts/search-input.tsx";
import type { webhooksSearch } from "../search.ts";

type Filters = ReturnType<typeof webhooksSearch>;

/** What the list is narrowed to; a change begins at the first page again. */
export function WebhookFilters(props: { filters: Filters; onFilter: (filters: Filters) => void }) {
  const { search, state, event_type } = props.filters;
  const narrow = (change: Partial<Filters>) =>
    props.onFilter({ ...props.filters, page: undefined, ...change });
  return (
    <Group mb="md" gap="xs" align="flex-start">
      <SearchInput label="Name or URL" value={search} onChange={(text) => narrow({ search: text })} />
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
