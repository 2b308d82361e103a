import { CloseButton, Code, Group, Select, Text } from "@mantine/core";
import type { DeliveryFilters } from "@posthorn/client";
import { type ReactNode, useRef } from "react";
import { EventTypeInput } from "../../../parts/event-type-input.tsx";
import { OperationalSwitch } from "../../../parts/operational-switch.tsx";
import { TimeRange } from "../../../parts/time-range.tsx";
import { shortId } from "../../../parts/webhook-names.ts";
import { WebhookSelect } from "../../../parts/webhook-select.tsx";
import type { deliveriesSearch } from "../search.ts";

/** What the address says of a history. */
export type HistoryFilters = Partial<ReturnType<typeof deliveriesSearch>>;

const statuses = [
  { value: "success", label: "Success" },
  { value: "failed", label: "Failed" },
  { value: "retrying", label: "Retrying" },
  { value: "pending", label: "Pending" },
] as const;

/** The filters of a history of deliveries; `children` stands at their end. */
export function Filters(props: {
  filters: HistoryFilters;
  /** Whether deliveries of several webhooks are shown. */
  hasWebhooks: boolean;
  onChange: (filters: HistoryFilters) => void;
  children?: ReactNode;
}) {
  const { filters, onChange } = props;
  const group = useRef<HTMLDivElement>(null);
  return (
    <Group gap="xs" mb="sm" role="search" aria-label="Deliveries" ref={group} tabIndex={-1}>
      <Select
        aria-label="Status"
        placeholder="Any status"
        w={{ base: "100%", xs: 140 }}
        clearable
        clearButtonProps={{ "aria-label": "Any status" }}
        data={statuses}
        value={filters.status ?? null}
        onChange={(value) =>
          onChange({ ...filters, status: statuses.find((status) => status.value === value)?.value })
        }
      />
      {props.hasWebhooks && (
        <WebhookSelect
          value={filters.webhook_id}
          onChange={(webhook_id) => onChange({ ...filters, webhook_id })}
        />
      )}
      <EventTypeInput
        value={filters.event_type}
        onChange={(event_type) => onChange({ ...filters, event_type })}
      />
      <OperationalSwitch
        value={filters.operational ?? false}
        onChange={(operational) => onChange({ ...filters, operational })}
      />
      <TimeRange value={filters} onChange={(range) => onChange({ ...filters, ...range })} />
      {filters.event_id !== undefined && (
        <Group gap={4} wrap="nowrap">
          <Text size="sm">
            Event <Code>{shortId(filters.event_id)}</Code>
          </Text>
          <CloseButton
            size="sm"
            aria-label="Any event"
            onClick={() => {
              onChange({ ...filters, event_id: undefined });
              // This button vanishes; who came by keyboard goes on among the filters.
              group.current?.focus();
            }}
          />
        </Group>
      )}
      <Group gap="xs" ml="auto">
        {props.children}
      </Group>
    </Group>
  );
}

/** Whether anything is filtered at all; a switch that shows more filters nothing. */
export function isFiltered(filters: HistoryFilters): boolean {
  return Object.values(asQuery({ ...filters, operational: undefined })).some((value) => value !== undefined);
}

/** As the api wants them: the address may hold more than filters. */
export function asQuery(filters: HistoryFilters): DeliveryFilters {
  const { status, webhook_id, event_type, operational, event_id, since, until } = filters;
  return { status, webhook_id, event_type, operational, event_id, since, until };
}
