import { SimpleGrid, Text } from "@mantine/core";
import type { Statistics } from "@posthorn/client";
import { useDeadLetters } from "@posthorn/client/react";
import { IconAlertTriangle } from "@tabler/icons-react";
import { duration } from "../../parts/time.ts";
import { LinkTo } from "../../parts/to.tsx";
import { Figure } from "./figure.tsx";
import classes from "./figures.module.css";
import { count, percent, perMinute } from "./format.ts";
import { LIVE_MS } from "./live.ts";
import { plans, sinceOf } from "./range.ts";
import type { OverviewRange } from "./search.ts";

/** Below this share of successes something is wrong with a receiver, in percent. */
const SUCCESS_RATE_MIN = 90;

/** What an operator wants to know first. */
export function Figures(props: {
  statistics: Statistics | undefined;
  /** Deliveries a minute in the last minutes. */
  rate: number | undefined;
  range: OverviewRange;
  now: number;
}) {
  const { statistics, rate, range, now } = props;
  const deadLetters = useDeadLetters({ limit: 1 }, { refetchInterval: LIVE_MS });
  const { words } = plans[range];
  const share = statistics && (statistics.success_rate ?? null);
  const successRate = typeof share === "number" ? share * 100 : share;
  const latency = statistics?.latency_ms;
  return (
    <SimpleGrid cols={{ base: 2, sm: 5 }} spacing="sm" mb="md" className={classes.figures}>
      <Figure
        label="Success rate"
        value={successRate === undefined ? undefined : percent(successRate)}
        note={successRate === null ? "Nothing settled yet" : "of settled deliveries"}
        sign={
          typeof successRate === "number" &&
          successRate < SUCCESS_RATE_MIN && (
            <IconAlertTriangle size={16} color="var(--mantine-color-error)" role="img" aria-label="Low" />
          )
        }
      />
      <Figure
        label="Deliveries"
        value={statistics && count(statistics.deliveries)}
        note={rate === undefined ? words : `${perMinute(rate)} a minute lately`}
      />
      <Figure
        label="Failed"
        value={statistics && count(statistics.failures)}
        note={
          statistics?.failures ? (
            <LinkTo
              to="/deliveries"
              search={{ status: "failed", since: sinceOf(range, now) }}
              size="xs"
              underline="always"
            >
              Show them
            </LinkTo>
          ) : (
            words
          )
        }
      />
      <Figure
        label="Latency, median"
        value={latency && (typeof latency.p50 === "number" ? duration(latency.p50) : "–")}
        note={
          typeof latency?.p95 === "number" &&
          typeof latency.p99 === "number" && (
            <>
              {/* Both have room only where five stand in a row of a wide screen. */}
              <Text span inherit visibleFrom="xl">
                p95 {duration(latency.p95)} ·{" "}
              </Text>
              p99 {duration(latency.p99)}
            </>
          )
        }
      />
      <Figure
        label="Dead letters"
        value={deadLetters.data && count(deadLetters.data.total)}
        note={
          deadLetters.data?.total ? (
            <LinkTo to="/dead-letters" size="xs" underline="always">
              Retry or discard
            </LinkTo>
          ) : (
            deadLetters.data && "Nothing was given up"
          )
        }
      />
    </SimpleGrid>
  );
}
