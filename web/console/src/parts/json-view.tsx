import { Box } from "@mantine/core";
import { type ReactNode, useMemo } from "react";
import { CopyButton } from "./copy-button.tsx";
import { type JsonToken, prettyTokens } from "./json.ts";
import classes from "./json-view.module.css";

/** Longer text is not coloured: each coloured piece is an element. */
const COLOURED_MAX = 30_000;

/** JSON, pretty and coloured, digit for digit as `json` has it. */
export function JsonView(props: { json: string; label: string; maxHeight?: number }) {
  const { json, label, maxHeight = 480 } = props;
  const tokens = useMemo(() => prettyTokens(json), [json]);
  const pretty = tokens.map(({ before, text }) => before + text).join("");
  return (
    <TextView text={pretty} label={label} maxHeight={maxHeight}>
      {json.length <= COLOURED_MAX ? tokens.map(piece) : pretty}
    </TextView>
  );
}

/** Text that somebody sent, as it is. */
export function TextView(props: { text: string; label: string; maxHeight?: number; children?: ReactNode }) {
  const { text, label, maxHeight = 480, children = text } = props;
  return (
    <Box pos="relative">
      {/* Scrolled by keyboard too, so it can have the focus. */}
      <Box
        component="pre"
        className={classes.view}
        mah={maxHeight}
        tabIndex={0}
        role="group"
        aria-label={label}
      >
        {children}
      </Box>
      <Box pos="absolute" top={8} right={16}>
        <CopyButton value={text} label={`Copy: ${label}`} />
      </Box>
    </Box>
  );
}

function piece({ kind, before, text }: JsonToken, index: number) {
  return (
    <span key={index} className={classes[kind]}>
      {before}
      {text}
    </span>
  );
}
