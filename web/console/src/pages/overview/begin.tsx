import { Card, List, Text, Title } from "@mantine/core";
import { useWebhooks } from "@posthorn/client/react";
import { ButtonTo, LinkTo } from "../../parts/to.tsx";
import { useSession } from "../../session/session.tsx";

/** What to do first, while there is no webhook. */
export function Begin() {
  const { mayManage } = useSession();
  const { data } = useWebhooks({ limit: 1 });
  if (data === undefined || data.total > 0 || !mayManage) return null;
  return (
    <Card withBorder padding="md" mb="md">
      <Title order={2} size="h5" mb={4}>
        Nothing is delivered yet
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        A webhook sends the events that it asks for to a URL.
      </Text>
      <List type="ordered" size="sm" spacing={4} mb="md">
        <List.Item>
          <LinkTo to="/webhooks/new" underline="always" inherit>
            Create a webhook
          </LinkTo>{" "}
          for a URL of yours.
        </List.Item>
        <List.Item>
          <LinkTo to="/events/new" underline="always" inherit>
            Send a test event
          </LinkTo>{" "}
          and watch it arrive.
        </List.Item>
        <List.Item>Publish from your services, over NATS or HTTP.</List.Item>
      </List>
      <ButtonTo to="/webhooks/new" w="fit-content">
        Create a webhook
      </ButtonTo>
    </Card>
  );
}
