import { Button, Center, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

/** Reads the page that follows, where there is one. Whoever asked for the last one keeps the focus at the list's end. */
export function ShowOlder(props: { hasMore: boolean; isBusy: boolean; onClick: () => void }) {
  const { hasMore, isBusy, onClick } = props;
  const [wasUsed, setWasUsed] = useState(false);
  const end = useRef<HTMLParagraphElement>(null);
  const isAtEnd = wasUsed && !hasMore;
  useEffect(() => {
    if (isAtEnd) end.current?.focus({ preventScroll: true });
  }, [isAtEnd]);
  if (isAtEnd) {
    return (
      <Text ref={end} tabIndex={-1} size="sm" c="dimmed" ta="center" my="md" style={{ outline: "none" }}>
        There are no older ones
      </Text>
    );
  }
  if (!hasMore) return null;
  const read = () => {
    setWasUsed(true);
    onClick();
  };
  return (
    <Center my="md">
      {/* Not disabled while it reads: that would take the focus from it. */}
      <Button variant="default" miw={170} aria-busy={isBusy} onClick={() => !isBusy && read()}>
        {isBusy ? "Reading…" : "Show older ones"}
      </Button>
    </Center>
  );
}
