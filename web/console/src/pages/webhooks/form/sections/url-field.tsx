import { Box, Button, Group, Text, TextInput } from "@mantine/core";
import { type IntegrationType, integrationOf, type ProbeResult, probeUrl } from "@posthorn/client";
import { usePosthorn } from "@posthorn/client/react";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { duration } from "../../../../parts/time.ts";
import { useField, useWebhookFields } from "../context.ts";

/** The URL; on request it is looked whether anybody answers there. */
export function UrlField(props: {
  placeholder: string;
  /** The chat service that the URL seems to belong to, where another receiver is chosen. */
  guess: IntegrationType | undefined;
  onGuess: (type: IntegrationType) => void;
}) {
  const { guess } = props;
  const element = useRef<HTMLInputElement>(null);
  const field = useField();
  const form = useWebhookFields();
  const posthorn = usePosthorn();
  const probe = useMutation({ mutationFn: (url: string) => probeUrl(posthorn, { url }) });
  const url = form.values.url.trim();
  const isProbed = probe.variables === url;
  return (
    <div>
      <TextInput
        ref={element}
        label="URL"
        required
        type="url"
        inputMode="url"
        maxLength={2048}
        placeholder={props.placeholder}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        {...field("url")}
        error={field("url").error !== undefined}
        // Told as the field's description, so that it is read out with the field.
        description={
          <Words
            error={field("url").error}
            result={isProbed ? probe.data : undefined}
            problem={isProbed ? probe.error : null}
          />
        }
        descriptionProps={{ size: "sm", mt: 4, mih: 22, "aria-live": "polite" }}
        inputWrapperOrder={["label", "input", "description"]}
        inputContainer={(input) => (
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <Box flex={1}>{input}</Box>
            <Button
              variant="default"
              disabled={!URL.canParse(url)}
              loading={probe.isPending}
              onClick={() => probe.mutate(url)}
            >
              Check
            </Button>
          </Group>
        )}
      />
      {guess !== undefined && (
        <Group gap="xs">
          <Text size="sm">This looks like a URL of {integrationOf(guess).name}, which wants messages.</Text>
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              props.onGuess(guess);
              // This button vanishes.
              element.current?.focus();
            }}
          >
            Send messages
          </Button>
        </Group>
      )}
    </div>
  );
}

function Words(props: { error: unknown; result: ProbeResult | undefined; problem: Error | null }) {
  const { error, result, problem } = props;
  if (error !== undefined && error !== null)
    return (
      <Text span size="sm" c="var(--mantine-color-error)">
        {String(error)}
      </Text>
    );
  if (problem)
    return (
      <Text span size="sm" c="var(--mantine-color-error)">
        {problem.message}
      </Text>
    );
  if (result === undefined) {
    return (
      <Text span size="sm" c="dimmed">
        “Check” looks whether anybody answers there. Nothing is delivered.
      </Text>
    );
  }
  return result.reachable ? (
    <Group component="span" gap={4} wrap="nowrap" c="var(--mantine-color-text)">
      <IconCheck size={16} color="var(--mantine-color-teal-7)" aria-hidden />
      Somebody answers: {result.status_code}, after {duration(result.response_time_ms)}.
    </Group>
  ) : (
    <Group component="span" gap={4} wrap="nowrap" c="var(--mantine-color-text)">
      <IconX size={16} color="var(--mantine-color-error)" aria-hidden />
      Nobody answers: {result.error_message}.
    </Group>
  );
}
