import { CloseButton, Group, Select, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { TimeRange } from "../../../parts/time-range.tsx";
import type { auditSearch } from "../search.ts";
import { actions } from "./words.ts";

export type AuditSearch = Partial<ReturnType<typeof auditSearch>>;

/** What the log is narrowed to; a change begins at the first page again. */
export function AuditFilters(props: { filters: AuditSearch; onChange: (filters: AuditSearch) => void }) {
  const { filters } = props;
  const narrow = (change: AuditSearch) => props.onChange({ ...filters, page: undefined, ...change });
  return (
    <Group mb="md" gap="xs" role="search" aria-label="Audit log">
      <Select
        aria-label="Action"
        placeholder="Any action"
        w={{ base: "100%", xs: 230 }}
        searchable
        clearable
        clearButtonProps={{ "aria-label": "Any action" }}
        data={actions.map(({ group, items }) => ({ group, items: [...items] }))}
        value={filters.action ?? null}
        onChange={(action) => narrow({ action: action ?? undefined })}
      />
      <TargetInput value={filters.target_id} onChange={(target_id) => narrow({ target_id })} />
      <TimeRange value={filters} onChange={(range) => narrow(range)} />
    </Group>
  );
}

/** The id of what was changed, taken when it is written to the end: the api wants the whole. */
function TargetInput(props: { value: string | undefined; onChange: (id: string | undefined) => void }) {
  const { value = "", onChange } = props;
  const [text, setText] = useState(value);
  // The address may change without this field: by the browser's "back", or by a link.
  useEffect(() => setText(value), [value]);
  const take = (written: string) => {
    if (written.trim() !== value) onChange(written.trim() || undefined);
  };
  return (
    <TextInput
      aria-label="Id or name of what was changed"
      placeholder="Id of what was changed"
      w={{ base: "100%", xs: 250 }}
      maxLength={128}
      value={text}
      rightSection={
        text !== "" && (
          <CloseButton
            size="sm"
            aria-label="Clear the id"
            onClick={() => {
              setText("");
              take("");
            }}
          />
        )
      }
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => take(text)}
      onKeyDown={(event) => {
        if (event.key === "Enter") take(text);
      }}
    />
  );
}
