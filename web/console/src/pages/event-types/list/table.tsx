import { Badge, Card, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import type { EventType } from "@posthorn/client";
import { LinkTo } from "../../../parts/to.tsx";
import type { CategoryGroup } from "../groups.ts";
import classes from "./table.module.css";

/** The catalogue, a part of the table for each category. */
export function CatalogueTable({ groups }: { groups: readonly CategoryGroup[] }) {
  return (
    <Card withBorder padding={0}>
      <Table verticalSpacing="xs" highlightOnHover layout="fixed">
        <caption>
          <VisuallyHidden>Event types by category</VisuallyHidden>
        </caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w={{ base: "auto", sm: "36%" }}>
              Event type
            </Table.Th>
            <Table.Th scope="col" visibleFrom="sm">
              Description
            </Table.Th>
            <Table.Th scope="col" w={170} visibleFrom="xs">
              Has
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        {groups.map(({ category, types }) => (
          <Table.Tbody key={category ?? ""}>
            <Table.Tr className={classes.category}>
              <Table.Th scope="rowgroup" py={6}>
                <Group gap="xs">
                  <Text size="sm" fw={600}>
                    {category ?? "Without a category"}
                  </Text>
                  <Text size="xs" c="dimmed" fw={400}>
                    {types.length.toLocaleString("en")}
                  </Text>
                </Group>
              </Table.Th>
              {/* Cells of their own: spanned columns that are not shown would take room. */}
              <Table.Td visibleFrom="sm" />
              <Table.Td visibleFrom="xs" />
            </Table.Tr>
            {types.map((type) => (
              <Row key={type.name} type={type} />
            ))}
          </Table.Tbody>
        ))}
      </Table>
    </Card>
  );
}

function Row({ type }: { type: EventType }) {
  return (
    <Table.Tr>
      <Table.Td>
        <LinkTo to="/event-types/$name" params={{ name: type.name }} size="sm" fw={500}>
          {type.label}
        </LinkTo>
        <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: "anywhere" }}>
          {type.name}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm" lineClamp={2}>
          {type.description || "–"}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="xs">
        <Has type={type} />
      </Table.Td>
    </Table.Tr>
  );
}

function Has({ type: { schema, example } }: { type: EventType }) {
  const hasSchema = schema !== null && schema !== undefined;
  const hasExample = example !== null && example !== undefined;
  if (!hasSchema && !hasExample) return <Text size="sm">–</Text>;
  return (
    <Group gap={4}>
      {hasSchema && (
        <Badge variant="default" tt="none" fw={500}>
          Schema
        </Badge>
      )}
      {hasExample && (
        <Badge variant="default" tt="none" fw={500}>
          Example
        </Badge>
      )}
    </Group>
  );
}
