import { useEffect, useState } from "react";
import { duration, exactTime } from "./time.ts";

const TICK_MS = 1_000;

/** A moment that is near, told anew each second: "in 12 s"; `passed` stands there once it is over. */
export function Countdown({ until, passed }: { until: string; passed: string }) {
  const [now, setNow] = useState(Date.now);
  const isOver = Date.parse(until) <= now;
  useEffect(() => {
    if (isOver) return;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [isOver]);
  if (isOver) return <span>{passed}</span>;
  return (
    <time dateTime={until} title={exactTime(until)}>
      in {duration(Math.max(1_000, Math.round((Date.parse(until) - now) / 1_000) * 1_000))}
    </time>
  );
}
