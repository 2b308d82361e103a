import { Autocomplete } from "@mantine/core";
import { useAvailableEvents } from "@posthorn/client/react";
import { useEffect, useState } from "react";
import { isEventType } from "./event-type-name.ts";

/** An event type to filter by: one of the catalogue, or any other, taken when it is written to the end. */
export function EventTypeInput(props: {
  value: string | undefined;
  onChange: (eventType: string | undefined) => void;
  label?: string;
}) {
  const { value = "", onChange } = props;
  const [text, setText] = useState(value);
  const available = useAvailableEvents();
  // The address may change without this field: by the browser's "back", or by a link.
  useEffect(() => setText(value), [value]);
  const isWrong = text.trim() !== "" && !isEventType(text.trim());
  const take = (written: string) => {
    const type = written.trim();
    if (type === value || (type !== "" && !isEventType(type))) return;
    onChange(type === "" ? undefined : type);
  };
  return (
    <Autocomplete
      label={props.label}
      aria-label={props.label === undefined ? "Event type" : undefined}
      placeholder="Any event type"
      w={{ base: "100%", xs: 220 }}
      clearable
      clearButtonProps={{ "aria-label": "Any event type" }}
      data={available.data?.events ?? []}
      limit={50}
      value={text}
      onChange={(written) => {
        setText(written);
        if (written === "") take("");
      }}
      onOptionSubmit={take}
      onBlur={() => take(text)}
      onKeyDown={(event) => {
        if (event.key === "Enter") take(text);
      }}
      error={isWrong ? "Letters, digits, - and _, in parts with dots between" : undefined}
    />
  );
}
