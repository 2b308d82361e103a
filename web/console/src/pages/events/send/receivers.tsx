import { Card, List, Skeleton, Text, Title } from "@mantine/core";
import { useWebhooks } from "@posthorn/client/react";
import { isEventType } from "../../../parts/event-type-name.ts";
import { LinkTo } from "../../../parts/to.tsx";

/** So many are named. */
const SHOWN_MAX = 8;

/** Who would be sent an event of this type: told before it is sent. */
export function Receivers({ type }: { type: string }) {
  return (
    <Card withBorder padding="md" component="section" aria-label="Who is sent it">
      <Title order={2} size="h5" mb="xs">
        Who is sent it
      </Title>
      {isEventType(type) ? (
        <OfType type={type} />
      ) : (
        <Text size="sm" c="dimmed">
          Choose an event type to see which webhooks ask for it.
        </Text>
      )}
    </Card>
  );
}

function OfType({ type }: { type: string }) {
  const { data } = useWebhooks({ event_type: type, enabled: true, limit: SHOWN_MAX });
  if (data === undefined) return <Skeleton h={22} w={220} />;
  if (data.total === 0) {
    return (
      <Text size="sm">
        No enabled webhook asks for <b>{type}</b>. The event is stored all the same, and can be replayed to a
        webhook that is created later.
      </Text>
    );
  }
  const more = data.total - data.webhooks.length;
  return (
    <>
      <List size="sm" spacing={4}>
        {data.webhooks.map((webhook) => (
          <List.Item key={webhook.id}>
            <LinkTo to="/webhooks/$id" params={{ id: webhook.id }} inherit underline="always">
              {webhook.name}
            </LinkTo>
            {"unreadable" in webhook
              ? ", once it can be read again"
              : webhook.filter && ", if its filter lets the data through"}
          </List.Item>
        ))}
      </List>
      {more > 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          And {more.toLocaleString("en")} more.
        </Text>
      )}
    </>
  );
}
