import { Textarea, type TextareaProps } from "@mantine/core";
import type { Ref } from "react";

/** A field for code: fixed width, no spell check, as high as what stands in it. */
export function CodeInput(props: TextareaProps & { ref?: Ref<HTMLTextAreaElement> }) {
  return (
    <Textarea
      autosize
      minRows={4}
      maxRows={18}
      spellCheck={false}
      autoCapitalize="off"
      autoCorrect="off"
      styles={{
        input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5, whiteSpace: "pre" },
      }}
      {...props}
    />
  );
}
