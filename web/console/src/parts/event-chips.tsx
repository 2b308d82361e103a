import { Badge, Group, Tooltip } from "@mantine/core";

/** The patterns of event types that a webhook asks for: the first few, and how many more. */
export function EventChips({ patterns, shown = 2 }: { patterns: readonly string[]; shown?: number }) {
  const rest = patterns.slice(shown);
  return (
    <Group gap={4}>
      {patterns.slice(0, shown).map((pattern) => (
        <Badge
          key={pattern}
          variant="default"
          tt="none"
          ff="monospace"
          fw={500}
          maw={190}
          title={pattern === "*" ? "* : every event that applications publish" : pattern}
        >
          {pattern === "*" ? "all events" : pattern}
        </Badge>
      ))}
      {rest.length > 0 && (
        <Tooltip
          label={rest.join(", ")}
          multiline
          maw={320}
          events={{ hover: true, focus: true, touch: true }}
        >
          <Badge
            variant="default"
            tt="none"
            fw={500}
            tabIndex={0}
            role="note"
            aria-label={`and ${rest.join(", ")}`}
          >
            +{rest.length}
          </Badge>
        </Tooltip>
      )}
    </Group>
  );
}
