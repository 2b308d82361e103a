import { Badge, Card, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import type { AuditEntry } from "@posthorn/client";
import { actorOf } from "../../../parts/actor.ts";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { LinkTo } from "../../../parts/to.tsx";
import { shortId } from "../../../parts/webhook-names.ts";
import { Target } from "./target.tsx";
import { actionLabel, detailsOf } from "./words.ts";

/** Who did what, newest first. */
export function AuditTable(props: { entries: readonly AuditEntry[]; showsTenant: boolean }) {
  const { entries, showsTenant } = props;
  return (
    <Card withBorder padding={0}>
      <Table verticalSpacing="xs" layout="fixed">
        <caption>
          <VisuallyHidden>Audit log, newest first</VisuallyHidden>
        </caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w={{ base: 96, sm: 120 }}>
              When
            </Table.Th>
            <Table.Th scope="col">What</Table.Th>
            <Table.Th scope="col" w={showsTenant ? "18%" : "22%"} visibleFrom="sm">
              On
            </Table.Th>
            {showsTenant && (
              <Table.Th scope="col" w="13%" visibleFrom="md">
                Tenant
              </Table.Th>
            )}
            <Table.Th scope="col" w="14%" visibleFrom="md">
              Who
            </Table.Th>
            <Table.Th scope="col" w={showsTenant ? "24%" : "28%"} visibleFrom="lg">
              Details
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Row key={entry.id} entry={entry} showsTenant={showsTenant} />
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

function Row({ entry, showsTenant }: { entry: AuditEntry; showsTenant: boolean }) {
  return (
    <Table.Tr style={{ verticalAlign: "top" }}>
      <Table.Td>
        <Text size="sm" component="div">
          <RelativeTime at={entry.at} />
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap="xs">
          <Text size="sm" fw={500}>
            {actionLabel(entry.action)}
          </Text>
          {showsTenant && entry.tenant && (
            <Badge size="sm" variant="default" tt="none" hiddenFrom="md">
              {entry.tenant}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed" hiddenFrom="md" style={{ overflowWrap: "anywhere" }}>
          by {actorOf(entry.actor).name}
        </Text>
        <Group hiddenFrom="sm" gap={4}>
          <Target entry={entry} />
        </Group>
        <Group hiddenFrom="lg">
          <Details entry={entry} />
        </Group>
      </Table.Td>
      <Table.Td visibleFrom="sm" style={{ overflowWrap: "anywhere" }}>
        <Target entry={entry} />
      </Table.Td>
      {showsTenant && (
        <Table.Td visibleFrom="md">
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {entry.tenant ?? "–"}
          </Text>
        </Table.Td>
      )}
      <Table.Td visibleFrom="md">
        <Actor actor={entry.actor} />
      </Table.Td>
      <Table.Td visibleFrom="lg">
        <Details entry={entry} />
      </Table.Td>
    </Table.Tr>
  );
}

function Actor({ actor }: { actor: string }) {
  const { name, keyId } = actorOf(actor);
  return (
    <>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {name}
      </Text>
      {keyId !== undefined && (
        <Text size="xs" c="dimmed">
          Key {shortId(keyId)}
        </Text>
      )}
    </>
  );
}

function Details({ entry }: { entry: AuditEntry }) {
  const { replay_id } = entry.details;
  return (
    <Text size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
      {detailsOf(entry).map(({ name, value }) => (
        <div key={name}>
          <Text span inherit c="dimmed">
            {name}:
          </Text>{" "}
          {value}
        </div>
      ))}
      {typeof replay_id === "string" && (
        <LinkTo
          to="/replays/$id"
          params={{ id: replay_id }}
          search={entry.tenant ? { tenant: entry.tenant } : {}}
          inherit
        >
          See the replay
        </LinkTo>
      )}
    </Text>
  );
}
