import { Stack, TagsInput, Text } from "@mantine/core";
import { useAvailableEvents, useEventTypes } from "@posthorn/client/react";
import type { ReactNode } from "react";
import { matchedTypes, suggestions } from "../event-suggestions.ts";
import { MatchedTypes } from "./matched-types.tsx";

/** Most that the api lists at once. */
const TYPES_MAX = 500;
const PATTERNS_MAX = 100;

/** Patterns of event types: chosen from the catalogue and from what was published lately, or written freely. */
export function EventPicker(props: {
  value: string[];
  onChange: (patterns: string[]) => void;
  error: ReactNode;
}) {
  const { data } = useEventTypes({ limit: TYPES_MAX });
  const catalogue = data?.event_types ?? [];
  const available = useAvailableEvents();
  const { groups, labels, seen } = suggestions(catalogue, available.data?.events);
  return (
    <Stack gap={6}>
      <TagsInput
        label="Event types"
        required
        description="Exact, such as user.created; user.* for all below user; * for all that applications publish. What Posthorn itself publishes must be named, such as webhook.*"
        placeholder={props.value.length === 0 ? "Choose or write" : undefined}
        data={groups}
        value={props.value}
        onChange={props.onChange}
        error={props.error}
        maxTags={PATTERNS_MAX}
        splitChars={[",", " ", "\n"]}
        acceptValueOnBlur
        clearable
        clearButtonProps={{ "aria-label": "Take all event types away" }}
        renderOption={({ option }) => (
          <div>
            <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere" }}>
              {option.value}
            </Text>
            <Text size="xs" c="dimmed">
              {labels.get(option.value)}
            </Text>
          </div>
        )}
      />
      <MatchedTypes
        matched={matchedTypes(props.value, catalogue)}
        known={catalogue.length}
        offersSeen={seen.length > 0}
      />
    </Stack>
  );
}
