import { Box, Group, Text } from "@mantine/core";
import type { Timings as TimingsOfRequest } from "@posthorn/client";
import { phasesOf } from "./phases.ts";
import { duration } from "./time.ts";
import classes from "./timings.module.css";

/** What the time of a request went to, as a bar and in words. */
export function Timings(props: {
  timings: TimingsOfRequest;
  totalMs: number | null | undefined;
  hasAnswer: boolean;
  /** The time that the whole width stands for; the request's own if absent. */
  scaleMs?: number;
}) {
  const phases = phasesOf(props.timings, props.totalMs, props.hasAnswer);
  if (phases.length === 0) return null;
  const sum = phases.reduce((all, { milliseconds }) => all + milliseconds, 0);
  const scale = Math.max(props.scaleMs ?? 0, sum, 0.001);
  const isReused = phases.every(({ name }) => name === "First byte" || name === "Body");
  return (
    <Box>
      <Box className={classes.bar} aria-hidden>
        {phases.map(({ name, milliseconds, color }) => (
          <span
            key={name}
            className={classes.part}
            style={{ width: `${(milliseconds / scale) * 100}%`, background: color }}
          />
        ))}
      </Box>
      <Group gap="0 10px" mt={4} component="ul" className={classes.legend}>
        {phases.map(({ name, milliseconds, color }) => (
          <Text key={name} component="li" size="xs">
            <span className={classes.dot} style={{ background: color }} aria-hidden /> {name}{" "}
            <Text span inherit c="dimmed">
              {milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : duration(milliseconds)}
            </Text>
          </Text>
        ))}
        {isReused && (
          <Text component="li" size="xs" c="dimmed">
            on a connection that was open
          </Text>
        )}
      </Group>
    </Box>
  );
}
