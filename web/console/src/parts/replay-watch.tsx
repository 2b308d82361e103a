import { Card, CloseButton, Group, Text } from "@mantine/core";
import { useReplay } from "@posthorn/client/react";
import { PageError } from "./page-error.tsx";
import { ReplayProgress } from "./replay-progress.tsx";
import { LinkTo } from "./to.tsx";

/** Follows a replay that was begun on this page, until somebody has seen enough of it. */
export function ReplayWatch(props: {
  id: string;
  title: string;
  /** Why some may be left as they were; shown if some are. */
  skippedNote?: string;
  onClose: () => void;
}) {
  const { id, title, skippedNote, onClose } = props;
  const { data, error, refetch } = useReplay(id);
  return (
    <Card withBorder padding="sm" mb="md" component="section" aria-label={title}>
      <Group justify="space-between" wrap="nowrap" mb={6}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Group gap="xs" wrap="nowrap">
          <LinkTo to="/replays/$id" params={{ id }} size="sm" underline="always">
            Details
          </LinkTo>
          <CloseButton size="sm" aria-label="Close the progress" onClick={onClose} />
        </Group>
      </Group>
      {error ? <PageError problem={error} retry={() => refetch()} /> : <ReplayProgress replay={data} />}
      {data !== undefined && data.skipped > 0 && skippedNote !== undefined && (
        <Text size="xs" c="dimmed">
          {skippedNote}
        </Text>
      )}
    </Card>
  );
}
