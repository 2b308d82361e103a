import { Skeleton, Stack } from "@mantine/core";

/** Where a page will be. */
export function PageSkeleton() {
  return (
    <Stack aria-busy="true" aria-label="Loading" role="status">
      <Skeleton height={28} width={220} />
      <RowsSkeleton rows={6} />
    </Stack>
  );
}

/** Where the rows of a table or the lines of a card will be. */
export function RowsSkeleton({ rows, height = 36 }: { rows: number; height?: number }) {
  return (
    <Stack gap="xs" aria-hidden>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows that are all alike
        <Skeleton key={row} height={height} />
      ))}
    </Stack>
  );
}
