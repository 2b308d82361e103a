import { Tooltip } from "@mantine/core";
import { useNow } from "./now.ts";
import { exactTime, relativeTime } from "./time.ts";

/** An instant as "3 minutes ago", with the exact time for whoever points at it or reads it aloud. */
export function RelativeTime({ at }: { at: string | null | undefined }) {
  const now = useNow();
  if (!at) return <span>–</span>;
  const exact = exactTime(at);
  // What happened since the last tick is not yet to come.
  const seenAt = Math.max(now, Math.min(Date.parse(at), Date.now()));
  return (
    <Tooltip label={exact}>
      <time dateTime={at} title={undefined}>
        {relativeTime(at, seenAt)}
      </time>
    </Tooltip>
  );
}
