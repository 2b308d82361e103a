import { Box, Code } from "@mantine/core";
import { CopyButton } from "./copy-button.tsx";

/** Text as a machine reads it, with a button that copies it; `label` says what it is, such as "The body". */
export function CodeBlock(props: {
  code: string;
  label: string;
  /** Lines that are too long are broken instead of scrolled. */
  wrap?: boolean;
  maxHeight?: number | string;
}) {
  return (
    <Box pos="relative">
      <Code
        block
        // What scrolls must be reached by the keyboard too.
        tabIndex={0}
        role="group"
        aria-label={props.label}
        mah={props.maxHeight}
        pr={40}
        fz={12.5}
        style={{
          overflow: "auto",
          border: "1px solid var(--mantine-color-default-border)",
          whiteSpace: props.wrap ? "pre-wrap" : "pre",
          overflowWrap: props.wrap ? "anywhere" : undefined,
        }}
      >
        {props.code}
      </Code>
      <Box pos="absolute" top={6} right={6}>
        <CopyButton value={props.code} label={`Copy: ${props.label}`} />
      </Box>
    </Box>
  );
}
