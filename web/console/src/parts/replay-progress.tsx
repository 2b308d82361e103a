import { Progress, Skeleton, Stack, Text } from "@mantine/core";
import type { Replay } from "@posthorn/client";
import { progressOf } from "./replay-words.ts";

/** How far a replay is: a bar, and the same in words; their place while it is not known. */
export function ReplayProgress({ replay }: { replay: Replay | undefined }) {
  if (replay === undefined) return <Skeleton h={38} />;
  const { percent, color, isMoving, words } = progressOf(replay);
  return (
    <Stack gap={6}>
      <Progress.Root size="lg">
        <Progress.Section
          value={percent}
          color={color}
          animated={isMoving}
          aria-label="Progress of the replay"
          aria-valuetext={words}
        />
      </Progress.Root>
      <Text size="sm" mih={20} role="status">
        {words}
      </Text>
    </Stack>
  );
}
