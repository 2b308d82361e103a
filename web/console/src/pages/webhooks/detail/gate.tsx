import { Alert, Card, Group, Skeleton, Stack, Text, ThemeIcon } from "@mantine/core";
import type { Webhook } from "@posthorn/client";
import { useWebhookGate } from "@posthorn/client/react";
import { IconCheck, IconGauge, IconHandStop, IconHourglass } from "@tabler/icons-react";
import { Countdown } from "../../../parts/countdown.tsx";
import { useNow } from "../../../parts/now.ts";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { count } from "../../overview/format.ts";
import { type Hold, holds, waitingWords } from "./gate-words.ts";

const LIVE_MS = 3_000;

const icons = { breaker: IconHandStop, throttle: IconHourglass, rate: IconGauge } as const;

/** What happens at the end of each. */
const next = {
  breaker: "The receiver is tried again",
  throttle: "Sending goes on",
  rate: "A delivery that came now would be sent",
} as const;

/** What holds the webhook's deliveries back now, if anything does; live. */
export function Gate({ webhook }: { webhook: Webhook }) {
  const { id, enabled } = webhook;
  const gate = useWebhookGate(id, { refetchInterval: LIVE_MS });
  const now = useNow();
  if (gate.data === undefined) {
    return gate.error ? <ProblemAlert problem={gate.error} /> : <Skeleton height={54} mb="md" />;
  }
  const found = holds(gate.data, now);
  const rate = gate.data.rate_limit;
  return (
    <Stack gap="xs" mb="md" component="section" aria-label="What holds deliveries back">
      {found.map((hold) => (
        <HoldAlert key={hold.kind} hold={hold} />
      ))}
      <Card withBorder padding="sm">
        <Group gap="sm" wrap="nowrap">
          <ThemeIcon variant="light" color={found.length > 0 || !enabled ? "gray" : "teal"} aria-hidden>
            {found.length > 0 || !enabled ? <IconHourglass size={16} /> : <IconCheck size={16} />}
          </ThemeIcon>
          <Text size="sm" flex={1}>
            {found.length === 0 &&
              (enabled ? "Nothing holds deliveries back. " : "Disabled: nothing is sent. ")}
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
