import { Button, Group, Stack, Textarea } from "@mantine/core";
import { type ReactNode, useRef } from "react";
import { pretty } from "../../../parts/pretty.ts";

/** A field in which JSON is written. `draft` makes a text for it while it is empty. */
export function JsonField(props: {
  label: string;
  description: string;
  value: string;
  onChange: (text: string) => void;
  error: ReactNode;
  draft?: { label: string; make: () => string };
}) {
  const { label, value, onChange, draft } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  // The button that was pressed may go away: the focus moves to what it wrote.
  const write = (text: string) => {
    onChange(text);
    field.current?.focus();
  };
  const formatted = pretty(value);
  return (
    <Stack gap={6}>
      <Textarea
        ref={field}
        label={label}
        description={props.description}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
        autosize
        minRows={4}
        maxRows={16}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={props.error}
      />
      <Group gap="xs" mih={22}>
        {value.trim() === "" && draft !== undefined && (
          <Button size="compact-xs" variant="default" onClick={() => write(draft.make())}>
            {draft.label}
          </Button>
        )}
        {formatted !== value && (
          <Button size="compact-xs" variant="default" onClick={() => write(formatted)}>
            Format
          </Button>
        )}
      </Group>
    </Stack>
  );
}
