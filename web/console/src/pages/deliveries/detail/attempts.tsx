import { Badge, Box, Code, Group, Text } from "@mantine/core";
import type { Attempt, Delivery } from "@posthorn/client";
import { IconAlertTriangle, IconCheck, IconClock } from "@tabler/icons-react";
import { Countdown } from "../../../parts/countdown.tsx";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { duration } from "../../../parts/time.ts";
import { Timings } from "../../../parts/timings.tsx";
import classes from "./attempts.module.css";

/** The attempts of a delivery, oldest first, drawn to one scale; and when the next one is. */
export function Attempts({ delivery, attempts }: { delivery: Delivery; attempts: readonly Attempt[] }) {
  const scaleMs = Math.max(...attempts.map((attempt) => attempt.response_time_ms ?? 0), 0);
  return (
    <ol className={classes.line} aria-label="Attempts, oldest first">
      {attempts.map((attempt, index) => (
        <One
          key={attempt.number}
          attempt={attempt}
          waitedMs={waitedMs(attempts[index - 1], attempt)}
          scaleMs={scaleMs}
        />
      ))}
      <Coming delivery={delivery} />
    </ol>
  );
}

function One({ attempt, waitedMs, scaleMs }: { attempt: Attempt; waitedMs: number; scaleMs: number }) {
  const { status_code, response_time_ms, error_message } = attempt;
  const isSuccess =
    status_code !== null && status_code !== undefined && status_code >= 200 && status_code < 300;
  const Icon = isSuccess ? IconCheck : IconAlertTriangle;
  return (
    <li className={classes.step}>
      <span className={classes.bullet} data-state={isSuccess ? "success" : "failed"} aria-hidden>
        <Icon size={13} />
      </span>
      <Group gap="2px 10px" justify="space-between">
        <Group gap="2px 10px">
          <Text size="sm" fw={600}>
            Attempt {attempt.number}
          </Text>
          {status_code ? (
            <Code>{status_code}</Code>
          ) : (
            <Text size="sm" c="dimmed">
              No answer
            </Text>
          )}
          {attempt.manual && (
            <Badge size="sm" variant="default" tt="none">
              By hand
            </Badge>
          )}
          {waitedMs > 0 && (
            <Text size="xs" c="dimmed">
              {duration(waitedMs)} after the one before
            </Text>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {response_time_ms !== null && response_time_ms !== undefined && `${duration(response_time_ms)} · `}
          <RelativeTime at={attempt.started_at} />
        </Text>
      </Group>
      {error_message && (
        <Text size="sm" className={classes.error}>
          {error_message}
        </Text>
      )}
      <Box mt={6}>
        <Timings
          timings={attempt.timings}
          totalMs={response_time_ms}
          hasAnswer={status_code !== null && status_code !== undefined}
          scaleMs={scaleMs}
        />
      </Box>
    </li>
  );
}

/** What comes after the last attempt, if anything does. */
function Coming({ delivery }: { delivery: Delivery }) {
  if (delivery.status !== "pending" && delivery.status !== "retrying") return null;
  return (
    <li className={classes.step}>
      <span className={classes.bullet} data-state="coming" aria-hidden>
        <IconClock size={13} />
      </span>
      <Text size="sm">
        {delivery.next_retry_at ? (
          <>
            Next attempt <Countdown until={delivery.next_retry_at} passed="waits for its turn" />
          </>
        ) : (
          "The attempt is under way, or waits for its turn"
        )}
      </Text>
    </li>
  );
}

function waitedMs(before: Attempt | undefined, attempt: Attempt): number {
  if (before === undefined) return 0;
  const ended = Date.parse(before.started_at) + (before.response_time_ms ?? 0);
  return Math.max(0, Date.parse(attempt.started_at) - ended);
}
