import { Group, Select } from "@mantine/core";
import { useEventTypes } from "@posthorn/client/react";
import { SearchInput } from "../../../parts/search-input.tsx";
import { categoriesOf } from "../groups.ts";
import type { eventTypesSearch } from "../search.ts";

type Filters = Partial<ReturnType<typeof eventTypesSearch>>;

/** What the catalogue is narrowed to. */
export function CatalogueFilters(props: { filters: Filters; onChange: (filters: Filters) => void }) {
  const { filters, onChange } = props;
  const all = useEventTypes({ limit: 500 });
  const categories = new Set(categoriesOf(all.data?.event_types ?? []));
  if (filters.category !== undefined) categories.add(filters.category);
  return (
    <Group mb="md" gap="xs" role="search" aria-label="Event types">
      <SearchInput
        label="Search the catalogue"
        value={filters.search}
        onChange={(search) => onChange({ ...filters, search })}
      />
      <Select
        aria-label="Category"
        placeholder="Any category"
        w={{ base: "100%", xs: 200 }}
        clearable
        clearButtonProps={{ "aria-label": "Any category" }}
        data={[...categories]}
        value={filters.category ?? null}
        onChange={(category) => onChange({ ...filters, category: category ?? undefined })}
      />
    </Group>
  );
}
