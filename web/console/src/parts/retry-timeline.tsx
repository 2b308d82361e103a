import { Box, Text } from "@mantine/core";
import { type PlannedRetry, retryPlanWords, seconds } from "./retry-plan.ts";
import classes from "./retry-timeline.module.css";

/** A retry plan drawn as a line of attempts, from the first to giving up; the longer the pause, the longer the way. */
export function RetryTimeline({ plan }: { plan: readonly PlannedRetry[] }) {
  const end = plan.at(-1)?.at ?? 0;
  return (
    <Box className={classes.room}>
      <Box className={classes.scroll} tabIndex={0} role="group" aria-label="The attempts, drawn">
        <ol className={classes.line}>
          <Stop name="1st attempt" when="at once" way={0} />
          {plan.map(({ number, delay, at }) => (
            <Stop
              key={number}
              name={`+ ${seconds(delay)}`}
              when={number === 1 ? undefined : `at ${seconds(at)}`}
              // A pause of a day is not drawn 8,640 times as long as one of 10 s.
              way={1 + Math.log2(1 + delay)}
            />
          ))}
          <Stop
            name="gives up"
            when={plan.length === 0 ? undefined : `after ${seconds(end)}`}
            way={1}
            isEnd
          />
        </ol>
      </Box>
      <Text size="sm" c="dimmed" mt={4}>
        {plan.length === 0 ? "One attempt, " : `${plan.length + 1} attempts: `}
        {retryPlanWords(plan)}.{plan.length > 0 && " Each pause varies by 10 %."}
      </Text>
    </Box>
  );
}

function Stop(props: { name: string; when?: string; way: number; isEnd?: boolean }) {
  return (
    <li className={classes.stop} style={{ flexGrow: props.way }} data-end={props.isEnd || undefined}>
      <span className={classes.name}>{props.name}</span>
      <span className={classes.dot} aria-hidden />
      <span className={classes.when}>{props.when}</span>
    </li>
  );
}
