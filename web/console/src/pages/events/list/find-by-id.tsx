import { ActionIcon, Box, TextInput } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { eventIdIn } from "./event-id.ts";

/** Goes to the event whose id is written or pasted. */
export function FindById() {
  const [text, setText] = useState("");
  const [isWrong, setIsWrong] = useState(false);
  const navigate = useNavigate();
  const go = (event: FormEvent) => {
    event.preventDefault();
    const id = eventIdIn(text);
    if (id === undefined) setIsWrong(true);
    else navigate({ to: "/events/$id", params: { id } });
  };
  return (
    <Box component="form" onSubmit={go} w={{ base: "100%", xs: 230 }}>
      <TextInput
        aria-label="Event id"
        placeholder="Find by id"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setIsWrong(false);
        }}
        error={isWrong ? "An event's id looks like 01983f9c-2b6d-7c3e-9f10-4a5b6c7d8e9f" : undefined}
        rightSection={
          <ActionIcon
            type="submit"
            variant="subtle"
            color="gray"
            aria-label="Go to this event"
            disabled={text.trim() === ""}
          >
            <IconArrowRight size={16} aria-hidden />
          </ActionIcon>
        }
      />
    </Box>
  );
}
