import { Autocomplete, Button, Group, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { ApiProblem, type EventType, eventTypeLabel } from "@posthorn/client";
import { useEventTypes } from "@posthorn/client/react";
import { type FormEvent, useRef, useState } from "react";
import { capital } from "../../../parts/capital.ts";
import { fieldError, isToldBeside } from "../../../parts/field-errors.ts";
import { useFirstMistake } from "../../../parts/first-mistake.ts";
import { notifyDone } from "../../../parts/notify.ts";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";
import { categoriesOf } from "../groups.ts";
import { readJson, writeJson } from "../json-text.ts";
import { schemaOfExample } from "../schema-of-example.ts";
import { type EventTypeText, useSaveEventType } from "../type-text.ts";
import { JsonField } from "./json-field.tsx";

const FIELDS = ["name", "label", "category", "description", "example", "schema"];

/** The fields of an event type. Its name is its identity: it is given once. */
export function EventTypeForm(props: {
  type: EventTypeText | undefined;
  onCancel: () => void;
  onSaved: (saved: EventType) => void;
}) {
  const { type: given, onCancel, onSaved } = props;
  const type = given?.type;
  const [name, setName] = useState(type?.name ?? "");
  const [label, setLabel] = useState(type?.label ?? "");
  const [category, setCategory] = useState(type?.category ?? "");
  const [description, setDescription] = useState(type?.description ?? "");
  const [example, setExample] = useState(given?.example ?? "");
  const [schema, setSchema] = useState(given?.schema ?? "");
  // How often saving was tried: mistakes are told from the first time on.
  const [tries, setTries] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const saving = useSaveEventType(type?.name);
  const catalogue = useEventTypes({ limit: 500 });
  const { error: problem, isPending } = saving;

  useFirstMistake(form, problem);
  useFirstMistake(form, tries);

  const exampleJson = readJson(example);
  const schemaJson = readJson(schema);
  const mistakes = {
    example: "mistake" in exampleJson ? exampleJson.mistake : undefined,
    schema: "mistake" in schemaJson ? schemaJson.mistake : undefined,
  };

  const drafted = "value" in exampleJson && exampleJson.value !== null ? exampleJson.value : undefined;
  const schemaDraft =
    drafted === undefined
      ? undefined
      : { label: "Draft from the example", make: () => writeJson(schemaOfExample(drafted)) };

  const taken =
    problem instanceof ApiProblem && problem.code === "event_type_exists"
      ? capital(problem.message)
      : undefined;

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    if ("mistake" in exampleJson || "mistake" in schemaJson) return;
    // The form tells a problem itself.
    const draft = { name, label, category, description, example, schema };
    const saved = await saving.mutateAsync(draft).catch(() => undefined);
    if (saved === undefined) return;
    notifyDone(type === undefined ? `${saved.name} is in the catalogue` : `${saved.name} is changed`);
    onSaved(saved);
  };

  return (
    <form ref={form} onSubmit={save} noValidate>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="Name"
            description="What services publish it as; cannot be changed later"
            placeholder="user.created"
            required
            disabled={type !== undefined}
            data-autofocus={type === undefined || undefined}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            maxLength={128}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={fieldError(problem, "name") ?? taken}
          />
          <TextInput
            label="Label"
            description="For people; made of the name if empty"
            placeholder={name.trim() === "" ? "User created" : eventTypeLabel(name.trim())}
            data-autofocus={type !== undefined || undefined}
            maxLength={150}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            error={fieldError(problem, "label")}
          />
        </SimpleGrid>
        <Autocomplete
          label="Category"
          description="Groups the catalogue"
          placeholder="user"
          data={categoriesOf(catalogue.data?.event_types ?? [])}
          maxLength={50}
          value={category}
          onChange={setCategory}
          error={fieldError(problem, "category")}
        />
        <Textarea
          label="Description"
          description="When it is published, and what it holds"
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          error={fieldError(problem, "description")}
        />
        <JsonField
          label="Example"
          description="An example of its data; test events begin with it"
          value={example}
          onChange={setExample}
          error={(tries > 0 && mistakes.example) || fieldError(problem, "example")}
        />
        <JsonField
          label="Schema"
          description="A JSON Schema of its data; what does not satisfy it is refused when it comes over HTTP"
          value={schema}
          onChange={setSchema}
          error={(tries > 0 && mistakes.schema) || fieldError(problem, "schema")}
          draft={schemaDraft}
        />
        {problem !== null && taken === undefined && !isToldBeside(problem, FIELDS) && (
          <ProblemAlert problem={problem} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending} disabled={name.trim() === ""}>
            {type === undefined ? "Create" : "Save"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
