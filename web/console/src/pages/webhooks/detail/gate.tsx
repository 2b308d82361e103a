import { Alert, Card, Group, Skeleton, Stack, Text, ThemeIcon } from "@mantine/core";
import type { Webhook, WebhookActivity, WebhookGate } from "@posthorn/client";
import { useWebhookGate } from "@posthorn/client/react";
import {
  IconAlertTriangle,
  IconCheck,
  IconFilterExclamation,
  IconGauge,
  IconHandStop,
  IconHourglass,
} from "@tabler/icons-react";
import { Countdown } from "../../../parts/countdown.tsx";
import { useNow } from "../../../parts/now.ts";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { LinkTo } from "../../../parts/to.tsx";
import { count } from "../../overview/format.ts";
import { filterFailureWords, type Hold, holds, standing, waitingWords } from "./gate-words.ts";

const LIVE_MS = 3_000;

const icons = { breaker: IconHandStop, throttle: IconHourglass, rate: IconGauge } as const;

/** What happens at the end of each. */
const next = {
  breaker: "The receiver is tried again",
  throttle: "Sending goes on",
  rate: "A delivery that came now would be sent",
} as const;

/** What holds the webhook's deliveries back now, if anything does; live. */
export function Gate(props: { webhook: Webhook; condition: WebhookActivity["condition"] | undefined }) {
  const { webhook, condition } = props;
  const { id, enabled } = webhook;
  const gate = useWebhookGate(id, { refetchInterval: LIVE_MS });
  const now = useNow();
  if (gate.data === undefined) {
    return gate.error ? <ProblemAlert problem={gate.error} /> : <Skeleton height={54} mb="md" />;
  }
  const found = holds(gate.data, now);
  const rate = gate.data.rate_limit;
  const { isGood, words } = standing({ isEnabled: enabled, isHeld: found.length > 0, condition });
  const isFailing = enabled && condition === "failing";
  const Icon = isGood ? IconCheck : isFailing ? IconAlertTriangle : IconHourglass;
  return (
    <Stack gap="xs" mb="md" component="section" aria-label="What holds deliveries back">
      {found.map((hold) => (
        <HoldAlert key={hold.kind} hold={hold} />
      ))}
      <FilterAlert gate={gate.data} />
      <Card withBorder padding="sm">
        <Group gap="sm" wrap="nowrap">
          <ThemeIcon variant="light" color={isGood ? "teal" : isFailing ? "red" : "gray"} aria-hidden>
            <Icon size={16} />
          </ThemeIcon>
          <Text size="sm" flex={1}>
            {words !== undefined && `${words} `}
            {waitingWords(gate.data)}
            {rate && ` At most ${rate.per_second} requests a second.`}
          </Text>
          <Text size="sm" c="dimmed" visibleFrom="sm">
            <SoFar webhook={webhook} />
          </Text>
        </Group>
      </Card>
    </Stack>
  );
}

/** How it fared since it was created. */
function SoFar({ webhook }: { webhook: Webhook }) {
  const { total_deliveries, successful_deliveries, last_delivery_at } = webhook;
  if (total_deliveries === 0) return "Nothing delivered yet";
  return (
    <>
      {count(total_deliveries)} {total_deliveries === 1 ? "delivery" : "deliveries"},{" "}
      {count(successful_deliveries)} succeeded; the last <RelativeTime at={last_delivery_at} />
    </>
  );
}

/** Events that the filter failed on; they left nothing behind in the list of deliveries. */
function FilterAlert({ gate }: { gate: WebhookGate }) {
  const words = filterFailureWords(gate);
  if (words === undefined) return null;
  const last = gate.last_filter_failure;
  return (
    <Alert color="yellow" icon={<IconFilterExclamation aria-hidden />} title={words.title}>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {words.meaning}{" "}
        {last && (
          <>
            (<RelativeTime at={last.at} />,{" "}
            <LinkTo to="/events/$id" params={{ id: last.event_id }} size="sm">
              on this event
            </LinkTo>
            )
          </>
        )}
      </Text>
    </Alert>
  );
}

function HoldAlert({ hold }: { hold: Hold }) {
  const Icon = icons[hold.kind];
  return (
    <Alert color="yellow" icon={<Icon aria-hidden />} title={hold.title}>
      <Text size="sm">
        {hold.meaning}{" "}
        {hold.until !== undefined && (
          <>
            {next[hold.kind]} <Countdown until={hold.until} passed="now" />
          </>
        )}
      </Text>
    </Alert>
  );
}
