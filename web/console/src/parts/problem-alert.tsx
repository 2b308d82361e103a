import { Alert, Button, Code, Group, Stack, Text } from "@mantine/core";
import { ApiProblem } from "@posthorn/client";
import { IconAlertTriangle } from "@tabler/icons-react";

/** What went wrong, in words, with what names the request in the log. */
export function ProblemAlert({ problem, retry }: { problem: unknown; retry?: () => void }) {
  const { detail, fields, requestId } = wordsOf(problem);
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="That did not work" role="alert">
      <Stack gap="xs">
        <Text size="sm">{detail}</Text>
        {fields.map(([field, text]) => (
          <Text size="sm" key={field}>
            <Code>{field}</Code> {text}
          </Text>
        ))}
        <Group gap="sm">
          {retry !== undefined && (
            <Button size="xs" variant="default" onClick={retry}>
              Try again
            </Button>
          )}
          {requestId !== undefined && (
            <Text size="xs">
              Request <Code>{requestId}</Code>
            </Text>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

function wordsOf(problem: unknown) {
  if (problem instanceof ApiProblem) {
    const fields = [...problem.fields];
    // Of a single mistake, the sentence as a whole says the same.
    const [only] = fields.length === 1 ? fields : [];
    const isSame = only !== undefined && problem.message === only.join(": ");
    return { detail: problem.message, fields: isSame ? [] : fields, requestId: problem.requestId };
  }
  const detail = problem instanceof Error ? problem.message : String(problem);
  return { detail, fields: [], requestId: undefined };
}
