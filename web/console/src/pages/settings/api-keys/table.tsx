import { Badge, Button, Card, Code, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import type { ApiKey } from "@posthorn/client";
import { useDeleteApiKey } from "@posthorn/client/react";
import { useState } from "react";
import { actorOf } from "../../../parts/actor.ts";
import { Confirm } from "../../../parts/confirm.tsx";
import { notifyDone } from "../../../parts/notify.ts";
import { useNow } from "../../../parts/now.ts";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { useSession } from "../../../session/session.tsx";
import { expiryState } from "./expiry.ts";
import { roleLabel } from "./roles.ts";
import classes from "./table.module.css";

/** Keys, and what each may do. */
export function KeysTable({ keys, showsTenant }: { keys: readonly ApiKey[]; showsTenant: boolean }) {
  const [revoked, setRevoked] = useState<ApiKey>();
  const [isAsking, setIsAsking] = useState(false);
  const { key_id: ownId, signOut } = useSession();
  const revoke = useDeleteApiKey();
  return (
    <Card withBorder padding={0}>
      <Table verticalSpacing="xs" highlightOnHover layout="fixed">
        <caption>
          <VisuallyHidden>API keys, newest first</VisuallyHidden>
        </caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col" w={110} visibleFrom="xs">
              Role
            </Table.Th>
            {showsTenant && (
              <Table.Th scope="col" w={150} visibleFrom="sm">
                Tenant
              </Table.Th>
            )}
            <Table.Th scope="col" w={150} visibleFrom="lg">
              Begins with
            </Table.Th>
            <Table.Th scope="col" w={140} visibleFrom="sm">
              Expires
            </Table.Th>
            <Table.Th scope="col" w={140} visibleFrom="sm">
              Last used
            </Table.Th>
            <Table.Th scope="col" w={200} visibleFrom="md">
              Created
            </Table.Th>
            <Table.Th scope="col" w={100}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Row
              key={key.id}
              apiKey={key}
              isOwn={key.id === ownId}
              showsTenant={showsTenant}
              onRevoke={() => {
                setRevoked(key);
                setIsAsking(true);
              }}
            />
          ))}
        </Table.Tbody>
      </Table>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={`Revoke “${revoked?.name}”?`}
        action="Revoke"
        onConfirm={async () => {
          if (revoked === undefined) return;
          await revoke.mutateAsync(revoked.id);
          notifyDone(`The key “${revoked.name}” is revoked`);
          if (revoked.id === ownId) signOut();
        }}
      >
        {revoked?.id === ownId
          ? "You are signed in with this key: you will be signed out. "
          : "Whoever uses it is refused from now on. "}
        A revoked key cannot be brought back.
      </Confirm>
    </Card>
  );
}

function Row(props: { apiKey: ApiKey; isOwn: boolean; showsTenant: boolean; onRevoke: () => void }) {
  const { apiKey, isOwn, showsTenant, onRevoke } = props;
  const { name, role, tenant, hint, expires_at, created_at, created_by, last_used_at } = apiKey;
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Text size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>
            {name}
          </Text>
          {isOwn && (
            <Badge size="sm" variant="default" tt="none">
              Yours
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {roleLabel(role)}
          {showsTenant && ` · ${tenant ?? "all tenants"}`} · expires <Expiry at={expires_at} /> · last used{" "}
          <LastUse at={last_used_at} />
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="xs">
        <Badge variant="light" color={role === "admin" ? "red" : "gray"} tt="none">
          {roleLabel(role)}
        </Badge>
      </Table.Td>
      {showsTenant && (
        <Table.Td visibleFrom="sm">
          <Text size="sm" truncate>
            {tenant ?? "All"}
          </Text>
        </Table.Td>
      )}
      <Table.Td visibleFrom="lg">
        <Code>{hint}…</Code>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm" component="div" className={classes.sentence}>
          <Expiry at={expires_at} />
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm" component="div" className={classes.sentence}>
          <LastUse at={last_used_at} />
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="sm" component="div">
          <RelativeTime at={created_at} />
        </Text>
        <Text size="xs" c="dimmed" truncate>
          by {actorOf(created_by).name}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        <Button
          size="compact-sm"
          variant="default"
          c="var(--mantine-color-error)"
          onClick={onRevoke}
          aria-label={`Revoke ${name}`}
        >
          Revoke
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

/** Nobody knows of uses before the first that was noted. */
function LastUse({ at }: { at: string | null | undefined }) {
  return at ? <RelativeTime at={at} /> : <span>not yet</span>;
}

function Expiry({ at }: { at: string | null | undefined }) {
  const state = expiryState(at, useNow());
  if (state === "never") return <span>never</span>;
  if (state === "later") return <RelativeTime at={at} />;
  return (
    <Badge component="span" variant="light" color={state === "expired" ? "red" : "yellow"} tt="none">
      {state === "expired" && "Expired "}
      <RelativeTime at={at} />
    </Badge>
  );
}
