import type { StatisticsBucket } from "@posthorn/client";
import { bars } from "./sparkline-bars.ts";

const WIDTH = 96;
const HEIGHT = 24;

/** Deliveries over time as small bars; what is not settled and what failed stand on top, in other colours. */
export function Sparkline({ buckets, label }: { buckets: readonly StatisticsBucket[]; label: string }) {
  return (
    <svg
      role="img"
      aria-label={label}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      style={{ minWidth: 0, flexShrink: 1 }}
    >
      <title>{label}</title>
      {bars(buckets, WIDTH, HEIGHT).map(({ start, x, width, good, waiting, bad }) => (
        <g key={start}>
          <rect x={x} y={HEIGHT - 1} width={width} height={1} fill="var(--mantine-color-default-border)" />
          <rect x={x} y={HEIGHT - good} width={width} height={good} fill="var(--mantine-color-teal-6)" />
          <rect
            x={x}
            y={HEIGHT - good - waiting}
            width={width}
            height={waiting}
            fill="var(--mantine-color-gray-5)"
          />
          <rect
            x={x}
            y={HEIGHT - good - waiting - bad}
            width={width}
            height={bad}
            fill="var(--mantine-color-red-6)"
          />
        </g>
      ))}
    </svg>
  );
}
