import { Alert, Card, Group, Skeleton, Stack, Text, ThemeIcon } from "@mantine/core";
import type { Webhook, WebhookActivity } from "@posthorn/client";
import { useWebhookGate } from "@posthorn/client/react";
import { IconAlertTriangle, IconCheck, IconGauge, IconHandStop, IconHourglass } from "@tabler/icons-react";
import { Countdown } from "../../../parts/countdown.tsx";
import { useNow } from "../../../parts/now.ts";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { count } from "../../overview/format.ts";
import { type Hold, holds, standing, waitingWords } from "./gate-words.ts";

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
