import { Button, Card, Group, SimpleGrid, Text, Title } from "@mantine/core";
import { ApiProblem, type Delivery } from "@posthorn/client";
import { useRetryDelivery, useWebhook } from "@posthorn/client/react";
import { IconRefresh } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { CopyButton } from "../../../parts/copy-button.tsx";
import { Facts } from "../../../parts/facts.tsx";
import { notifyDone, notifyProblem } from "../../../parts/notify.ts";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { PageSkeleton } from "../../../parts/page-skeleton.tsx";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { StatusBadge } from "../../../parts/status-badge.tsx";
import { duration } from "../../../parts/time.ts";
import { ButtonTo, LinkTo } from "../../../parts/to.tsx";
import { useSession } from "../../../session/session.tsx";
import type { Advice } from "../advice.ts";
import { AdviceCard } from "./advice-card.tsx";
import { Attempts } from "./attempts.tsx";
import { type SentDelivery, useSentDelivery } from "./query.ts";
import { RequestCard } from "./request.tsx";
import { ResponseCard } from "./response.tsx";

export default function Page() {
  const { id } = useParams({ from: "/deliveries/$id" });
  const delivery = useSentDelivery(id);
  if (delivery.data !== undefined) return <Detail delivery={delivery.data} />;
  return delivery.error ? (
    <PageError problem={delivery.error} retry={() => delivery.refetch()} />
  ) : (
    <PageSkeleton />
  );
}

function Detail({ delivery }: { delivery: SentDelivery }) {
  const { mayManage } = useSession();
  const webhook = useWebhook(delivery.webhook_id);
  // Its name may take another line, and everything below would move.
  if (webhook.isPending) return <PageSkeleton />;
  const remedy = ({ remedy }: Advice) =>
    mayManage &&
    (remedy === "settings" || remedy === "enable") && (
      <Group>
        {remedy === "settings" ? (
          <ButtonTo to="/webhooks/$id/edit" params={{ id: delivery.webhook_id }} size="xs" variant="default">
            Change the settings
          </ButtonTo>
        ) : (
          <ButtonTo to="/webhooks/$id" params={{ id: delivery.webhook_id }} size="xs" variant="default">
            To the webhook
          </ButtonTo>
        )}
      </Group>
    );
  return (
    <>
      <PageHeader
        title={delivery.event_type}
        aside={
          <span role="status">
            <StatusBadge status={delivery.status} />
          </span>
        }
        description={
          <>
            Delivery to{" "}
            <LinkTo to="/webhooks/$id" params={{ id: delivery.webhook_id }} inherit>
              {webhook.data?.name ?? "its webhook"}
            </LinkTo>{" "}
            of{" "}
            <LinkTo to="/events/$id" params={{ id: delivery.event_id }} inherit>
              this event
            </LinkTo>
          </>
        }
        actions={mayManage && <Retry delivery={delivery} isDisabled={webhook.data?.enabled === false} />}
      />
      <AdviceCard delivery={delivery} actions={remedy} />
      <Card withBorder mb="md" component="section" aria-label="Summary">
        <Facts facts={factsOf(delivery)} />
      </Card>
      <Card withBorder mb="md" component="section" aria-labelledby="attempts">
        <Title order={2} size="h5" id="attempts" mb="sm">
          Attempts
        </Title>
        {delivery.attempts.length === 0 && delivery.status === "failed" && (
          <Text size="sm" c="dimmed">
            There was none: it ended before the first.
          </Text>
        )}
        <Attempts delivery={delivery} attempts={delivery.attempts} />
      </Card>
      <SimpleGrid cols={{ base: 1, lg: 2 }} style={{ alignItems: "start" }}>
        <RequestCard delivery={delivery} url={webhook.data?.url} />
        <ResponseCard delivery={delivery} />
      </SimpleGrid>
    </>
  );
}

function factsOf(delivery: Delivery) {
  const { response_time_ms } = delivery;
  return [
    ["Created", <RelativeTime key="created" at={delivery.created_at} />],
    ["Delivered", <RelativeTime key="delivered" at={delivery.delivered_at} />],
    ["Attempts", delivery.attempt_count],
    ["Last answer", delivery.status_code ?? "–"],
    ["Time", response_time_ms === null || response_time_ms === undefined ? "–" : duration(response_time_ms)],
    [
      "Id",
      <Group key="id" gap={4} wrap="nowrap">
        <span>…{delivery.id.slice(-8)}</span>
        <CopyButton value={delivery.id} label="Copy the id" />
      </Group>,
    ],
  ] as const;
}

function Retry({ delivery, isDisabled }: { delivery: Delivery; isDisabled: boolean }) {
  const retry = useRetryDelivery();
  // Its first attempt is under way: there is nothing to repeat yet.
  if (delivery.status === "pending") return null;
  if (isDisabled) {
    return (
      <ButtonTo to="/webhooks/$id" params={{ id: delivery.webhook_id }} variant="default">
        Enable the webhook to retry
      </ButtonTo>
    );
  }
  const send = async () => {
    try {
      await retry.mutateAsync(delivery.id);
      notifyDone("It is being sent again");
    } catch (problem) {
      const isDisabled = problem instanceof ApiProblem && problem.code === "webhook_disabled";
      notifyProblem(isDisabled ? "Enable the webhook first" : "It could not be retried", problem);
    }
  };
  return (
    <Button
      variant={delivery.status === "success" ? "default" : "filled"}
      leftSection={<IconRefresh size={16} aria-hidden />}
      loading={retry.isPending}
      onClick={send}
    >
      {delivery.status === "success" ? "Deliver again" : "Retry now"}
    </Button>
  );
}
