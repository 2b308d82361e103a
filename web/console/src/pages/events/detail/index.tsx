import { Alert, Button, Card, Code, Grid, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useEraseEvent } from "@posthorn/client/react";
import { IconEraser, IconPlayerPlay } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Confirm } from "../../../parts/confirm.tsx";
import { CopyButton } from "../../../parts/copy-button.tsx";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { PageSkeleton } from "../../../parts/page-skeleton.tsx";
import { Payload } from "../../../parts/payload.tsx";
import { ReplayWatch } from "../../../parts/replay-watch.tsx";
import { exactTime } from "../../../parts/time.ts";
import { ButtonTo } from "../../../parts/to.tsx";
import { useSession } from "../../../session/session.tsx";
import { useEventText } from "../event-text.ts";
import { WhereItWent } from "../where-it-went.tsx";
import { EventFacts } from "./facts.tsx";
import { ReplayEvent } from "./replay-event.tsx";

export default function Page() {
  const { id } = useParams({ from: "/events/$id" });
  const { mayManage } = useSession();
  const read = useEventText(id);
  const [isReplaying, { open, close }] = useDisclosure(false);
  const [isErasing, erasing] = useDisclosure(false);
  const erase = useEraseEvent();
  const [replay, setReplay] = useState<string>();
  if (read.error) return <PageError problem={read.error} retry={() => read.refetch()} />;
  if (read.data === undefined) return <PageSkeleton />;
  const { event, data } = read.data;
  const erasedAt = event.erased_at;

  return (
    <>
      <PageHeader
        title={event.type}
        description={
          <>
            Event <Code>{event.id}</Code> <CopyButton value={event.id} label="Copy the event's id" />
          </>
        }
        actions={
          mayManage &&
          !erasedAt && (
            <>
              <Button
                variant="default"
                leftSection={<IconEraser size={16} aria-hidden />}
                onClick={erasing.open}
              >
                Erase
              </Button>
              <ButtonTo to="/events/new" search={{ copy: event.id }} variant="default">
                Send a copy
              </ButtonTo>
              <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={open}>
                Replay
              </Button>
            </>
          )
        }
      />
      {replay !== undefined && (
        <ReplayWatch
          id={replay}
          title="Replay of this event"
          skippedNote="Webhooks that are disabled, or whose attempt is due anyway, are left as they are."
          onClose={() => setReplay(undefined)}
        />
      )}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Card withBorder padding="sm" mb="md">
            <EventFacts event={event} />
          </Card>
          {erasedAt ? (
            <Alert color="gray" title="The payload was erased">
              {exactTime(erasedAt)}. What stays is the record of the event and of its deliveries.
            </Alert>
          ) : (
            <Payload
              text={event.data_base64 ?? data}
              label={event.data_base64 == null ? "Data" : "Data, which is not JSON, in base64"}
            />
          )}
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Card withBorder padding="sm">
            <Title order={2} size="h5" mb="xs">
              Where it went
            </Title>
            <WhereItWent
              event={event.id}
              nothing="No webhook wanted this event when it was accepted. Replay it to deliver it to webhooks that want it now."
            />
          </Card>
        </Grid.Col>
      </Grid>
      <Confirm
        opened={isErasing}
        onClose={erasing.close}
        title="Erase this event?"
        action="Erase"
        onConfirm={() => erase.mutateAsync(event.id)}
      >
        Its payload is gone for good: from the log, the streams, dead letters, and from what waits. Deliveries
        that are not settled fail. The records of the event and its deliveries stay.
      </Confirm>
      <ReplayEvent event={event.id} opened={isReplaying} onClose={close} onBegun={setReplay} />
    </>
  );
}
