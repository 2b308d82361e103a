import { Button, Drawer, Group, List, Stack, Text } from "@mantine/core";
import type { DeadLetterDetail } from "@posthorn/client";
import type { ReactNode } from "react";
import { Facts } from "../../parts/facts.tsx";
import { PageError } from "../../parts/page-error.tsx";
import { RowsSkeleton } from "../../parts/page-skeleton.tsx";
import { Payload } from "../../parts/payload.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { ButtonTo, LinkTo } from "../../parts/to.tsx";
import { useWebhookNames } from "../../parts/webhook-names.ts";
import { Words } from "../../parts/words.tsx";
import { useSession } from "../../session/session.tsx";
import { adviceOn } from "../deliveries/advice.ts";
import { useLetterText } from "./letter-text.ts";
import { nameOfLetter, Reason } from "./table.tsx";

/** One dead letter, beside the list: why it was given up, what it holds, and what can be done. */
export function Letter(props: {
  id: string | undefined;
  onClose: () => void;
  onRetry: (id: string) => void;
  onDiscard: (id: string) => void;
}) {
  return (
    <Drawer
      opened={props.id !== undefined}
      onClose={props.onClose}
      position="right"
      size="lg"
      title="Dead letter"
    >
      {props.id !== undefined && <Content {...props} id={props.id} />}
    </Drawer>
  );
}

function Content({ id, onRetry, onDiscard }: { id: string } & Omit<Parameters<typeof Letter>[0], "id">) {
  const { mayManage } = useSession();
  const nameOf = useWebhookNames();
  const { data, error, refetch } = useLetterText(id);
  if (error) return <PageError problem={error} retry={() => refetch()} />;
  if (data === undefined) return <RowsSkeleton rows={6} />;
  const { letter, text } = data;
  return (
    <Stack>
      <Why letter={letter} />
      <Facts cols={2} facts={factsOf(letter, nameOf)} />
      <Group gap="xs">
        {mayManage && (
          <>
            <Button onClick={() => onRetry(letter.id)}>Retry</Button>
            <Button variant="default" onClick={() => onDiscard(letter.id)}>
              Discard
            </Button>
          </>
        )}
        {letter.delivery_id && (
          <ButtonTo to="/deliveries/$id" params={{ id: letter.delivery_id }} variant="default">
            See its attempts
          </ButtonTo>
        )}
      </Group>
      <LetterPayload letter={letter} text={text} />
    </Stack>
  );
}

/** Why it was given up, in plain words where there are some. */
function Why({ letter }: { letter: DeadLetterDetail }) {
  const { kind, status_code, failure, reason } = letter;
  const advice = kind === "delivery" ? adviceOn({ status_code, failure, error_message: reason }) : undefined;
  return (
    <Stack gap={4}>
      <Text size="sm" component="div" fw={500}>
        <Reason letter={letter} />
      </Text>
      {kind === "malformed" && (
        <Text size="sm">
          No webhook was sent this message. Correct what publishes it; a retry publishes it again as it is.
        </Text>
      )}
      {advice !== undefined && (
        <>
          <Text size="sm">{advice.meaning}</Text>
          <List size="sm" spacing={2}>
            {advice.steps.map((step) => (
              <List.Item key={step}>
                <Words text={step} />
              </List.Item>
            ))}
          </List>
        </>
      )}
    </Stack>
  );
}

function factsOf(letter: DeadLetterDetail, nameOf: (id: string) => string): [string, ReactNode][] {
  const { webhook_id, event_id, subject, kind } = letter;
  const facts: [string, ReactNode][] = [
    [kind === "malformed" ? "What" : "Event type", nameOfLetter(letter)],
    ["Given up", <RelativeTime key="at" at={letter.created_at} />],
  ];
  if (webhook_id) {
    facts.push([
      "Webhook",
      <LinkTo key="webhook" to="/webhooks/$id" params={{ id: webhook_id }} size="sm" underline="always">
        {nameOf(webhook_id)}
      </LinkTo>,
    ]);
  }
  if (kind === "delivery") facts.push(["Attempts", letter.attempt_count.toLocaleString("en")]);
  if (event_id) {
    facts.push([
      "Event",
      <LinkTo key="event" to="/events/$id" params={{ id: event_id }} size="sm" underline="always">
        {event_id}
      </LinkTo>,
    ]);
  }
  if (subject) facts.push(["Published at", subject]);
  return facts;
}

function LetterPayload({ letter, text }: { letter: DeadLetterDetail; text: string | undefined }) {
  if (text === undefined) {
    return (
      <Text size="sm" c="dimmed">
        Its payload is not kept any more.
      </Text>
    );
  }
  const label = letter.kind === "malformed" ? "Message" : "Data";
  const isBase64 = letter.payload_encoding === "base64";
  return <Payload text={text} label={isBase64 ? `${label}, as Base64: it is no text` : label} />;
}
