import { Autocomplete, Button, JsonInput, Stack } from "@mantine/core";
import { eventTypeLabel } from "@posthorn/client";
import type { CatalogueType } from "../../event-types/catalogue.ts";
import { bytesOf, type Draft, exampleOf, isUntouched } from "./draft.ts";

/** The event's type and data. */
export function EventFields(props: {
  draft: Draft;
  onChange: (draft: Draft) => void;
  catalogue: readonly CatalogueType[] | undefined;
  mistakes: ReadonlyMap<string, string>;
  bytesMax: number;
}) {
  const { draft, onChange, catalogue, mistakes, bytesMax } = props;
  const example = exampleOf(draft.type, catalogue);
  const known = catalogue?.find(({ name }) => name === draft.type);
  const choose = (type: string) => {
    const next = exampleOf(type, catalogue);
    const untouched = isUntouched(draft.data, catalogue);
    onChange({ ...draft, type, data: untouched && next !== undefined ? next : draft.data });
  };
  return (
    <Stack gap="sm">
      <Autocomplete
        label="Event type"
        required
        description={
          catalogue === undefined ? "What happened, such as user.created." : describe(known, draft.type)
        }
        placeholder="user.created"
        data={catalogue?.map(({ name }) => name) ?? []}
        limit={100}
        value={draft.type}
        onChange={choose}
        error={mistakes.get("type")}
        autoComplete="off"
      />
      <JsonInput
        label="Data"
        required
        description={`Any JSON: ${bytesOf(draft.data).toLocaleString("en")} of ${bytesMax.toLocaleString("en")} bytes.`}
        autosize
        minRows={10}
        maxRows={24}
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
        value={draft.data}
        onChange={(data) => onChange({ ...draft, data })}
        error={mistakes.get("data")}
      />
      {catalogue !== undefined && (
        <Button
          size="xs"
          variant="default"
          w="fit-content"
          disabled={example === undefined || example === draft.data}
          onClick={() => example !== undefined && onChange({ ...draft, data: example })}
        >
          Take the catalogue's example
        </Button>
      )}
    </Stack>
  );
}

function describe(known: CatalogueType | undefined, type: string): string {
  if (known !== undefined) return known.description ?? known.label;
  return type === ""
    ? "One of the catalogue, or any other."
    : `${eventTypeLabel(type)}: not in the catalogue.`;
}
