import { Alert, Progress, Text } from "@mantine/core";
import { useAuditLog } from "@posthorn/client/react";
import { IconClock } from "@tabler/icons-react";
import { Countdown } from "../../../parts/countdown.tsx";
import { useNow } from "../../../parts/now.ts";
import { exactTime } from "../../../parts/time.ts";
import { overlapOf } from "./overlap-end.ts";

/** Counts down the time in which two secrets sign, after a rotation. */
export function Overlap({ id }: { id: string }) {
  const log = useAuditLog({ action: "webhook.secret_rotated", target_id: id, limit: 1 });
  const now = useNow();
  const overlap = overlapOf(log.data?.entries[0], now);
  if (overlap === undefined) return null;
  const [began, ends] = [Date.parse(overlap.beganAt), Date.parse(overlap.endsAt)];
  return (
    <Alert color="blue" icon={<IconClock aria-hidden />} title="Two secrets sign">
      <Text size="sm" mb="xs">
        The secret from before the rotation stops signing <Countdown until={overlap.endsAt} passed="now" /> (
        {exactTime(overlap.endsAt)}). Until then requests carry both signatures, and a receiver may verify
        with either.
      </Text>
      <Progress value={(100 * (now - began)) / (ends - began)} aria-label="How much of the overlap is over" />
    </Alert>
  );
}
