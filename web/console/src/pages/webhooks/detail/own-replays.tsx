import { Box, Group, Progress, Stack } from "@mantine/core";
import type { Replay } from "@posthorn/client";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { progressOf } from "../../../parts/replay-words.ts";
import { LinkTo } from "../../../parts/to.tsx";
import { ReplayStatusBadge } from "../../replays/status-badge.tsx";

/** The replays of one webhook, newest first. */
export function OwnReplays({ replays }: { replays: readonly Replay[] }) {
  return (
    <Stack component="ul" gap="md" p={0} m={0} style={{ listStyle: "none" }}>
      {replays.map((replay) => (
        <One key={replay.id} replay={replay} />
      ))}
    </Stack>
  );
}

function One({ replay }: { replay: Replay }) {
  const { percent, color, isMoving, words } = progressOf(replay);
  return (
    <Box component="li">
      <Group justify="space-between" gap="xs" mb={6} wrap="nowrap" fz="sm">
        <Group gap="xs">
          <ReplayStatusBadge status={replay.status} />
          <LinkTo to="/replays/$id" params={{ id: replay.id }} size="sm">
            {words}
          </LinkTo>
        </Group>
        <Box style={{ whiteSpace: "nowrap" }}>
          <RelativeTime at={replay.created_at} />
        </Box>
      </Group>
      <Progress.Root>
        <Progress.Section
          value={percent}
          color={color}
          animated={isMoving}
          aria-label="Progress of the replay"
          aria-valuetext={words}
        />
      </Progress.Root>
    </Box>
  );
}
