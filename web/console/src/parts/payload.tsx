import { Box, Group, SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import { CodeBlock } from "./code-block.tsx";
import { isJson, pretty } from "./pretty.ts";

/** A body of a request, an answer or an event: JSON in lines or as it is, other text as it is. */
export function Payload({ text, label }: { text: string; label: string }) {
  const [view, setView] = useState("pretty");
  const hasTwoViews = isJson(text);
  return (
    <Box>
      <Group justify="space-between" mb={4} gap="xs" mih={30}>
        <Text size="sm" fw={500}>
          {label}
        </Text>
        {hasTwoViews && (
          <SegmentedControl
            size="xs"
            aria-label={`${label}: how it is shown`}
            data={[
              { value: "pretty", label: "Pretty" },
              { value: "raw", label: "Raw" },
            ]}
            value={view}
            onChange={setView}
          />
        )}
      </Group>
      <CodeBlock
        code={view === "pretty" && hasTwoViews ? pretty(text) : text}
        label={label}
        maxHeight={420}
        wrap
      />
    </Box>
  );
}
