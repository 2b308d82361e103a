import { Badge, Code, Group, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { ApiProblem } from "@posthorn/client";
import { IconAlertTriangle, IconCheck, IconFilterOff } from "@tabler/icons-react";
import { CodeBlock } from "../../../../parts/code-block.tsx";
import { pretty } from "../../../../parts/pretty.ts";
import type { WebhookValues } from "../values.ts";
import type { Preview } from "./use-preview.ts";
import { unwritten, verdict } from "./words.ts";

const looks = {
  delivered: { color: "teal", icon: IconCheck, label: "Would be delivered" },
  unwanted: { color: "gray", icon: IconFilterOff, label: "Would not be delivered" },
  broken: { color: "red", icon: IconAlertTriangle, label: "The filter fails" },
} as const;

/** Whether the sample would be delivered, and the request that would be made. */
export function PreviewResult(props: {
  preview: Preview;
  values: WebhookValues;
  view: "body" | "headers";
  onView: (view: "body" | "headers") => void;
}) {
  const { preview, values, view, onView } = props;
  const { result, problem } = preview;
  if (problem) {
    const fields = problem instanceof ApiProblem ? [...problem.fields] : [];
    return <NoPreview mistakes={fields.length === 0 ? [[undefined, problem.message]] : fields} />;
  }
  if (result === undefined) return <Skeleton height={220} />;
  const { request } = result;
  if (!request) return <NoPreview mistakes={Object.entries(unwritten(result))} />;
  const { kind, reason } = verdict({ ...result, request }, values);
  const { color, icon: Icon, label } = looks[kind];
  return (
    <Stack gap="xs">
      <Group gap="xs" mih={26}>
        <Badge variant="light" color={color} tt="none" leftSection={<Icon size={12} aria-hidden />}>
          {label}
        </Badge>
        {reason !== undefined && <Text size="sm">{reason}</Text>}
      </Group>
      <Group gap="xs" wrap="nowrap">
        <Code flex="none">{request.method}</Code>
        <Text size="xs" ff="monospace" truncate title={request.url}>
          {request.url}
        </Text>
      </Group>
      <SegmentedControl
        size="xs"
        w="fit-content"
        aria-label="Part of the request"
        data={[
          { value: "body", label: "Body" },
          { value: "headers", label: "Headers" },
        ]}
        value={view}
        onChange={(chosen) => onView(chosen === "headers" ? "headers" : "body")}
      />
      {view === "body" ? (
        <CodeBlock code={pretty(request.body)} label="The body" wrap maxHeight={360} />
      ) : (
        <CodeBlock
          code={Object.entries(request.headers)
            .map(([name, value]) => `${name}: ${value}`)
            .join("\n")}
          label="The headers"
          wrap
          maxHeight={360}
        />
      )}
    </Stack>
  );
}

/** What must be mended before there is a request to show; without a name, what is wrong as a whole. */
function NoPreview({ mistakes }: { mistakes: readonly (readonly [string | undefined, string])[] }) {
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Badge
          variant="light"
          color="red"
          tt="none"
          leftSection={<IconAlertTriangle size={12} aria-hidden />}
        >
          Cannot be previewed
        </Badge>
      </Group>
      {mistakes.map(([field, detail]) => (
        <Text size="sm" key={field ?? ""}>
          {field !== undefined && <Code>{field.replace(/^webhook\./, "")}</Code>} {detail}
        </Text>
      ))}
    </Stack>
  );
}
