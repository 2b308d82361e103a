import { Button, Card, Group, SegmentedControl, Table, Text, Title, VisuallyHidden } from "@mantine/core";
import { Fragment, useState } from "react";
import { CodeBlock } from "../../../parts/code-block.tsx";
import { pretty } from "../../../parts/pretty.ts";
import { type SchemaField, schemaFields } from "../schema-fields.ts";

/** What the data must look like: as a table of its members, or as the JSON Schema. */
export function SchemaCard(props: { schema: unknown; text: string; onAdd: (() => void) | undefined }) {
  const { schema, text, onAdd } = props;
  const [view, setView] = useState("fields");
  const fields = schemaFields(schema);
  const showsFields = view === "fields" && fields.length > 0;
  return (
    <Card withBorder component="section" aria-label="Schema">
      <Group justify="space-between" mb="sm" mih={30}>
        <Title order={2} size="h5">
          Schema
        </Title>
        {fields.length > 0 && (
          <SegmentedControl
            size="xs"
            aria-label="How the schema is shown"
            data={[
              { value: "fields", label: "Fields" },
              { value: "json", label: "JSON" },
            ]}
            value={view}
            onChange={setView}
          />
        )}
      </Group>
      {text === "" && (
        <>
          <Text size="sm" c="dimmed">
            There is no schema: whatever JSON is published is taken.
          </Text>
          {onAdd && (
            <Button variant="default" size="xs" mt="sm" onClick={onAdd} style={{ alignSelf: "flex-start" }}>
              Add a schema
            </Button>
          )}
        </>
      )}
      {text !== "" && !showsFields && <CodeBlock code={pretty(text)} label="Schema" maxHeight={420} />}
      {showsFields && <Fields fields={fields} />}
    </Card>
  );
}

function Fields({ fields }: { fields: readonly SchemaField[] }) {
  return (
    <Table verticalSpacing={6}>
      <caption>
        <VisuallyHidden>Members of the data</VisuallyHidden>
      </caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Field</Table.Th>
          <Table.Th scope="col">Type</Table.Th>
          <Table.Th scope="col" w={90} visibleFrom="sm">
            Required
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {fields.map(({ path, type, isRequired, description }) => (
          <Table.Tr key={path}>
            <Table.Td>
              <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere" }}>
                {breakable(path)}
              </Text>
              {description !== undefined && (
                <Text size="xs" c="dimmed">
                  {description}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                {type}
              </Text>
              {isRequired && (
                <Text size="xs" c="dimmed" hiddenFrom="sm">
                  Required
                </Text>
              )}
            </Table.Td>
            <Table.Td visibleFrom="sm">{isRequired ? "Yes" : "–"}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** A path that is broken before its dots, where it must be. */
function breakable(path: string) {
  return path.split(/(?=\.)/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one path never move
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
