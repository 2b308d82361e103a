import { Button, CloseButton, Group, Popover, SimpleGrid, Stack } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import { useDisclosure, useId } from "@mantine/hooks";
import { IconCalendarTime } from "@tabler/icons-react";
import { useRef } from "react";
import { fromPicker, type Range, rangeLabel, toPicker } from "./range.ts";

const presets = [
  { label: "Last hour", milliseconds: 3_600_000 },
  { label: "Last 24 hours", milliseconds: 86_400_000 },
  { label: "Last 7 days", milliseconds: 7 * 86_400_000 },
] as const;

/** Chooses a stretch of time: by a preset, or from and to a moment of the reader's own time zone. */
export function TimeRange({ value, onChange }: { value: Range; onChange: (range: Range) => void }) {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const { since, until } = value;
  const button = useRef<HTMLButtonElement>(null);
  const isSet = since !== undefined || until !== undefined;
  return (
    <Popover opened={isOpen} onChange={close} position="bottom-start" width={300} trapFocus returnFocus>
      <Group gap={4} wrap="nowrap">
        <Popover.Target>
          <Button
            ref={button}
            variant="default"
            fw={400}
            leftSection={<IconCalendarTime size={16} aria-hidden />}
            onClick={toggle}
          >
            {rangeLabel(value)}
          </Button>
        </Popover.Target>
        {isSet && (
          <CloseButton
            aria-label="Any time"
            onClick={() => {
              onChange({ since: undefined, until: undefined });
              // This button vanishes; who came by keyboard goes on beside it.
              button.current?.focus();
            }}
          />
        )}
      </Group>
      <Popover.Dropdown aria-label="Time range">
        <Stack gap="sm">
          <SimpleGrid cols={2} spacing="xs" verticalSpacing="xs">
            {presets.map(({ label, milliseconds }) => (
              <Button
                key={label}
                size="xs"
                variant="default"
                onClick={() => {
                  onChange({ since: new Date(Date.now() - milliseconds).toISOString(), until: undefined });
                  close();
                }}
              >
                {label}
              </Button>
            ))}
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                onChange({ since: undefined, until: undefined });
                close();
              }}
            >
              Any time
            </Button>
          </SimpleGrid>
          <Moment label="From" value={since} onChange={(moment) => onChange({ since: moment, until })} />
          <Moment label="Until" value={until} onChange={(moment) => onChange({ since, until: moment })} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** One moment, as the address and the api write it: RFC 3339 in UTC. */
export function Moment(props: {
  label: string;
  description?: string;
  required?: boolean;
  error?: string;
  /** What stands there while no moment is chosen. */
  placeholder?: string;
  value: string | undefined;
  onChange: (moment: string | undefined) => void;
}) {
  const id = useId();
  return (
    <DateTimePicker
      id={id}
      label={props.label}
      description={props.description}
      required={props.required}
      error={props.error}
      clearable={!props.required}
      clearButtonProps={{ "aria-label": `Clear: ${props.label}` }}
      valueFormat="D MMM YYYY, HH:mm"
      placeholder={props.placeholder ?? "Any time"}
      value={toPicker(props.value)}
      onChange={(value) => props.onChange(fromPicker(value))}
      timePickerProps={{ hoursInputLabel: "Hours", minutesInputLabel: "Minutes" }}
      submitButtonProps={{ "aria-label": "Take this time" }}
      // Inside the popover, a calendar elsewhere in the document would count as a click outside of it; fixed, so that no
      // card cuts it off.
      popoverProps={{ withinPortal: false, floatingStrategy: "fixed", id, returnFocus: true }}
      previousLabel="Previous month"
      nextLabel="Next month"
      // Their colours have too little contrast.
      hideOutsideDates
      weekendDays={[]}
    />
  );
}
