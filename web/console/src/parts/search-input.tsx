import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useState } from "react";

/** Typing is over when nothing was typed for so long, in milliseconds. */
const TYPING_MS = 300;

/** A text to search for, which the page's address keeps: it is taken when the typing pauses. */
export function SearchInput(props: {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const { label, value = "", onChange } = props;
  const [text, setText] = useState(value);
  // The address may change without this field: by the browser's "back", or by a link.
  useEffect(() => setText(value), [value]);
  const take = useEffectEvent(() => {
    if (text.trim() !== value) onChange(text.trim() || undefined);
  });
  useEffect(() => {
    const timer = setTimeout(() => take(), text === "" ? 0 : TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text !== "" && <CloseButton size="sm" aria-label="Clear the search" onClick={() => setText("")} />
      }
      w={{ base: "100%", xs: 280 }}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
