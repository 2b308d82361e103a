import { Button, Card, Text, Title } from "@mantine/core";
import { CodeBlock } from "../../../parts/code-block.tsx";
import { pretty } from "../../../parts/pretty.ts";

/** An example of the data as JSON text; `onAdd` where there is none and the reader may give one. */
export function ExampleCard({ text, onAdd }: { text: string; onAdd: (() => void) | undefined }) {
  return (
    <Card withBorder component="section" aria-label="Example">
      <Title order={2} size="h5" mb="sm">
        Example
      </Title>
      {text === "" ? (
        <>
          <Text size="sm" c="dimmed">
            There is no example. With one, test events and previews begin with data that looks real.
          </Text>
          {onAdd && (
            <Button variant="default" size="xs" mt="sm" onClick={onAdd} style={{ alignSelf: "flex-start" }}>
              Add an example
            </Button>
          )}
        </>
      ) : (
        <CodeBlock code={pretty(text)} label="Example" maxHeight={420} />
      )}
    </Card>
  );
}
