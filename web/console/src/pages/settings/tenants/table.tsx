import { Badge, Button, Card, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import type { Tenant } from "@posthorn/client";
import { useState } from "react";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { LinkTo } from "../../../parts/to.tsx";
import { useSession } from "../../../session/session.tsx";
import { DeleteTenantDialog } from "./delete-dialog.tsx";

export function TenantsTable({ tenants }: { tenants: readonly Tenant[] }) {
  const { shownTenant } = useSession();
  const [chosen, setChosen] = useState<string>();
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Card withBorder padding={0}>
      <Table verticalSpacing="xs" highlightOnHover layout="fixed">
        <caption>
          <VisuallyHidden>Tenants</VisuallyHidden>
        </caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Tenant</Table.Th>
            <Table.Th scope="col" w={{ base: 110, sm: 160 }}>
              Created
            </Table.Th>
            <Table.Th scope="col" w={110}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tenants.map(({ id, created_at }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <Group gap="xs">
                  <LinkTo
                    to="/"
                    search={{ tenant: id }}
                    size="sm"
                    fw={500}
                    style={{ overflowWrap: "anywhere" }}
                  >
                    {id}
                  </LinkTo>
                  {id === shownTenant && (
                    <Badge size="sm" variant="default" tt="none">
                      Shown
                    </Badge>
                  )}
                </Group>
              </Table.Td>
              <Table.Td>
                <Text size="sm" component="div">
                  <RelativeTime at={created_at} />
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                <Button
                  size="compact-sm"
                  variant="default"
                  c="var(--mantine-color-error)"
                  aria-label={`Delete ${id}`}
                  onClick={() => {
                    setChosen(id);
                    setIsAsking(true);
                  }}
                >
                  Delete
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {chosen !== undefined && (
        <DeleteTenantDialog tenant={chosen} opened={isAsking} onClose={() => setIsAsking(false)} />
      )}
    </Card>
  );
}
