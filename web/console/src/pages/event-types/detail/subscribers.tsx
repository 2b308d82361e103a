import { Badge, Card, Group, List, Text, Title } from "@mantine/core";
import { useWebhooks } from "@posthorn/client/react";
import { RowsSkeleton } from "../../../parts/page-skeleton.tsx";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";
import { LinkTo } from "../../../parts/to.tsx";

/** So many webhooks are named here; the list has all. */
const WEBHOOKS_SHOWN = 10;

/** The webhooks that get events of this type. */
export function Subscribers({ name }: { name: string }) {
  const query = useWebhooks({ event_type: name, limit: WEBHOOKS_SHOWN });
  const webhooks = query.data?.webhooks;
  const total = query.data?.total ?? 0;
  return (
    <Card withBorder component="section" aria-label="Webhooks">
      <Title order={2} size="h5" mb="sm">
        Webhooks that want it
      </Title>
      {query.error && <ProblemAlert problem={query.error} retry={() => query.refetch()} />}
      {webhooks === undefined && !query.error && <RowsSkeleton rows={2} height={22} />}
      {webhooks?.length === 0 && (
        <Text size="sm" c="dimmed">
          None: events of this type are kept, but delivered to nobody.
        </Text>
      )}
      <List size="sm" spacing={4} listStyleType="none">
        {webhooks?.map(({ id, name: webhook, enabled }) => (
          <List.Item key={id}>
            <Group gap="xs">
              <LinkTo to="/webhooks/$id" params={{ id }} size="sm">
                {webhook}
              </LinkTo>
              {!enabled && (
                <Badge size="sm" variant="default" tt="none">
                  Disabled
                </Badge>
              )}
            </Group>
          </List.Item>
        ))}
      </List>
      {total > WEBHOOKS_SHOWN && (
        <LinkTo to="/webhooks" search={{ event_type: name }} size="sm" mt="xs">
          All {total.toLocaleString("en")}
        </LinkTo>
      )}
    </Card>
  );
}
