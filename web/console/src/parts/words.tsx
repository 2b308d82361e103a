import { Code } from "@mantine/core";

/** A sentence in which names stand between backticks, shown as code. */
export function Words({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence keep their places
    index % 2 === 1 ? <Code key={index}>{part}</Code> : part,
  );
}
