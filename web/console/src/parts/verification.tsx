import { Code, Select, Stack, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { CodeBlock } from "./code-block.tsx";
import { SECRET_VARIABLE, type Snippet, snippets } from "./verification-snippets.ts";

/** How a receiver verifies what comes, in the reader's language; which that is, is remembered. */
export function Verification() {
  const [language, setLanguage] = useLocalStorage({
    key: "posthorn.snippet-language",
    defaultValue: "Python",
    getInitialValueInEffect: false,
  });
  const { install, code }: Snippet = snippets.find((snippet) => snippet.language === language) ?? snippets[0];
  return (
    <Stack gap="xs">
      <Select
        label="Language of the receiver"
        data={snippets.map((snippet) => snippet.language)}
        value={language}
        onChange={(chosen) => chosen && setLanguage(chosen)}
        allowDeselect={false}
        maw={220}
      />
      <Text size="sm" c="dimmed">
        The receiver finds the secret in its environment, as <Code>{SECRET_VARIABLE}</Code>. Verify the body
        as it came, byte for byte: JSON that was parsed and written again is not what was signed.
      </Text>
      {install !== undefined && <CodeBlock code={install} label="How to get the library" />}
      <CodeBlock code={code} label={`A receiver in ${language}`} maxHeight={420} />
    </Stack>
  );
}
