import { Alert, Button, Card, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Replay } from "@posthorn/client";
import { useCancelReplay, useReplay } from "@posthorn/client/react";
import { IconAlertTriangle, IconPlayerStop } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { Confirm } from "../../../parts/confirm.tsx";
import { Facts } from "../../../parts/facts.tsx";
import { notifyDone } from "../../../parts/notify.ts";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { PageSkeleton } from "../../../parts/page-skeleton.tsx";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { ReplayProgress } from "../../../parts/replay-progress.tsx";
import { isMoving } from "../../../parts/replay-words.ts";
import { duration } from "../../../parts/time.ts";
import { ButtonTo } from "../../../parts/to.tsx";
import { useWebhookNames } from "../../../parts/webhook-names.ts";
import { useSession } from "../../../session/session.tsx";
import { ReplayStatusBadge } from "../status-badge.tsx";
import { subjectOf } from "../words.ts";

export default function Page() {
  const { id } = useParams({ from: "/replays/$id" });
  const replay = useReplay(id);
  if (replay.data !== undefined) return <Detail replay={replay.data} />;
  return replay.error ? (
    <PageError problem={replay.error} retry={() => replay.refetch()} />
  ) : (
    <PageSkeleton />
  );
}

function Detail({ replay }: { replay: Replay }) {
  const { mayManage } = useSession();
  const nameOf = useWebhookNames();
  return (
    <>
      <PageHeader
        title={`Replay: ${subjectOf(replay, nameOf)}`}
        aside={<ReplayStatusBadge status={replay.status} />}
        description={`Asked for by ${replay.created_by}`}
        actions={
          <>
            <Outcome replay={replay} />
            {mayManage && isMoving(replay) && <Cancel id={replay.id} />}
          </>
        }
      />
      {replay.status === "failed" && (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="It failed" mb="md">
          {replay.error_message ?? "No reason is known."} What it had handed over is delivered.
        </Alert>
      )}
      <Card withBorder mb="md" component="section" aria-label="Progress">
        <ReplayProgress replay={replay} />
      </Card>
      <Card withBorder component="section" aria-label="Summary">
        <Facts facts={factsOf(replay)} />
        <Text size="sm" c="dimmed" mt="md">
          On their way are deliveries that were begun again; how they end is in the history. Left as they were
          are those that are not wanted by the webhook or the request, that wait for an attempt anyway, or
          whose webhook is disabled.
        </Text>
      </Card>
    </>
  );
}

/** Where its deliveries are seen. */
function Outcome({ replay }: { replay: Replay }) {
  if (replay.webhook_id) {
    return (
      <ButtonTo to="/webhooks/$id" params={{ id: replay.webhook_id }} variant="default">
        Deliveries of the webhook
      </ButtonTo>
    );
  }
  if (replay.event_id) {
    return (
      <ButtonTo to="/events/$id" params={{ id: replay.event_id }} variant="default">
        To the event
      </ButtonTo>
    );
  }
  return (
    <ButtonTo to="/deliveries" variant="default">
      To the deliveries
    </ButtonTo>
  );
}

function Cancel({ id }: { id: string }) {
  const [isAsking, asking] = useDisclosure(false);
  const cancel = useCancelReplay();
  return (
    <>
      <Button variant="default" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={asking.open}>
        Stop
      </Button>
      <Confirm
        opened={isAsking}
        onClose={asking.close}
        title="Stop this replay?"
        action="Stop it"
        onConfirm={async () => {
          await cancel.mutateAsync(id);
          notifyDone("The replay is stopped");
        }}
      >
        What it has handed over is delivered nevertheless. Dead letters that it has not come to are listed
        again.
      </Confirm>
    </>
  );
}

function factsOf(replay: Replay) {
  const { started_at, finished_at, total } = replay;
  const took = started_at && finished_at ? duration(Date.parse(finished_at) - Date.parse(started_at)) : "–";
  return [
    ["To look at", total === null || total === undefined ? "Not known yet" : total.toLocaleString("en")],
    ["On their way", replay.handed_over.toLocaleString("en")],
    ["Left as they were", replay.skipped.toLocaleString("en")],
    ["Begun", <RelativeTime key="begun" at={started_at} />],
    ["Ended", <RelativeTime key="ended" at={finished_at} />],
    ["Took", took],
  ] as const;
}
