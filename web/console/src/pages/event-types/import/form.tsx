import { Button, Code, FileButton, Group, Stack, Text, Textarea } from "@mantine/core";
import type { ImportedEventTypes } from "@posthorn/client";
import { useImportEventTypes } from "@posthorn/client/react";
import { IconFileUpload } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";
import { readImport } from "../import-document.ts";

/** So many names are told before the import. */
const NAMES_MAX = 8;

/** Takes a document from a file or from the clipboard, and says what would be entered. */
export function ImportForm(props: {
  onCancel: () => void;
  onImported: (result: ImportedEventTypes) => void;
}) {
  const [text, setText] = useState("");
  const change = useImportEventTypes();
  const read = text.trim() === "" ? undefined : readImport(text);
  const document = read !== undefined && !("mistake" in read) ? read : undefined;

  const take = (written: string) => {
    change.reset();
    setText(written);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (document === undefined) return;
    // The form tells a problem itself.
    const result = await change.mutateAsync(document.body).catch(() => undefined);
    if (result !== undefined) props.onImported(result);
  };

  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          A JSON list of event types, each with at least a <Code>name</Code>, or an OpenAPI 3.1 document: each
          of its <Code>webhooks</Code> becomes an event type. Types that are there already are replaced;
          others stay. All are entered, or none.
        </Text>
        <Group>
          <FileButton
            onChange={(file) => file?.text().then(take)}
            accept="application/json,.json"
            inputProps={{ "aria-label": "A JSON file" }}
          >
            {(button) => (
              <Button {...button} variant="default" leftSection={<IconFileUpload size={16} aria-hidden />}>
                Choose a file
              </Button>
            )}
          </FileButton>
          <Text size="sm" c="dimmed">
            or paste it below
          </Text>
        </Group>
        <Textarea
          label="Document"
          placeholder={'[{ "name": "user.created", "category": "user" }]'}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
          autosize
          minRows={8}
          maxRows={16}
          spellCheck={false}
          data-autofocus
          value={text}
          onChange={(event) => take(event.currentTarget.value)}
          error={read !== undefined && "mistake" in read ? read.mistake : undefined}
        />
        <Text size="sm" role="status" mih={22}>
          {document !== undefined && told(document.names)}
        </Text>
        {change.error !== null && <ProblemAlert problem={change.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending} disabled={document === undefined}>
            Import
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function told(names: readonly string[]): string {
  const some = names.slice(0, NAMES_MAX).join(", ");
  const rest = names.length - NAMES_MAX;
  const noun = names.length === 1 ? "event type" : "event types";
  return `${names.length.toLocaleString("en")} ${noun}: ${some}${rest > 0 ? ` and ${rest.toLocaleString("en")} more` : ""}`;
}
