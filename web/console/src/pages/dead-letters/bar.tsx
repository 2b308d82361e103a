import { Button, Group, Paper, Progress, Text } from "@mantine/core";
import { IconRefresh, IconTrash } from "@tabler/icons-react";
import { countOf, type Selection } from "./selection.ts";

/** What is chosen, and what can be done with it. It stays in sight while the rows are scrolled. */
export function SelectionBar(props: {
  selection: Selection;
  /** How many are shown, and how many there are. */
  shown: number;
  total: number;
  isExact: boolean;
  onAll: () => void;
  onNothing: () => void;
  onRetry: () => void;
  onDiscard: () => void;
  isRetrying: boolean;
  progress: { done: number; total: number } | undefined;
}) {
  const { selection, shown, total, isExact, progress } = props;
  const chosen = countOf(selection);
  const all = `${isExact ? "" : "about "}${total.toLocaleString("en")}`;
  const canHaveAll = selection.kind === "some" && chosen >= shown && total > shown;
  return (
    <Paper
      withBorder
      px="sm"
      py={8}
      mb="sm"
      pos="sticky"
      top="calc(var(--app-shell-header-height) + 8px)"
      style={{ zIndex: 2 }}
      role="group"
      aria-label="What is chosen"
    >
      <Group justify="space-between" gap="xs" mih={36}>
        <Group gap="xs">
          <Text size="sm" fw={500} role="status">
            {wordsOf(selection, all)}
          </Text>
          {(canHaveAll || (chosen === 0 && total > 0)) && (
            <Button size="compact-sm" variant="subtle" onClick={props.onAll}>
              Choose all {all} that match
            </Button>
          )}
          {chosen > 0 && (
            <Button size="compact-sm" variant="subtle" color="gray" onClick={props.onNothing}>
              Choose none
            </Button>
          )}
        </Group>
        <Group gap="xs">
          <Button
            leftSection={<IconRefresh size={16} aria-hidden />}
            {...offers(chosen > 0 && !props.isRetrying, props.onRetry)}
          >
            Retry
          </Button>
          <Button
            variant="default"
            leftSection={<IconTrash size={16} aria-hidden />}
            {...offers(chosen > 0 && progress === undefined, props.onDiscard)}
          >
            Discard
          </Button>
        </Group>
      </Group>
      {progress !== undefined && (
        <Progress
          mt="xs"
          value={progress.total === 0 ? 100 : (100 * progress.done) / progress.total}
          aria-label="Discarding"
        />
      )}
    </Paper>
  );
}

/** A button that does nothing for now keeps the focus if it has it: a disabled one would lose it. */
function offers(isOffered: boolean, onClick: () => void) {
  return {
    "aria-disabled": !isOffered,
    "data-disabled": !isOffered || undefined,
    onClick: () => isOffered && onClick(),
  };
}

function wordsOf(selection: Selection, all: string): string {
  const chosen = countOf(selection);
  if (selection.kind === "all") return `All ${all} that match are chosen`;
  return chosen === 0 ? "Nothing is chosen" : `${chosen.toLocaleString("en")} chosen`;
}
