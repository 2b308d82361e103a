import { Alert, Button, Group, Radio, SimpleGrid, Stack, TagsInput, Text } from "@mantine/core";
import { ApiProblem, type ReplayOnly, type Webhook } from "@posthorn/client";
import { useAvailableEvents, useReplayWebhook } from "@posthorn/client/react";
import { IconPlayerPlay } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";
import { Moment } from "../../../parts/time-range.tsx";

const choices: { value: ReplayOnly; label: string; description: string }[] = [
  {
    value: "undelivered",
    label: "What was not delivered",
    description: "Failed ones, and events that this webhook never got, such as while it was disabled.",
  },
  { value: "failed", label: "What failed for good", description: "Deliveries that used up their attempts." },
  { value: "all", label: "Everything", description: "What succeeded is delivered once more too." },
];

const presets = [
  { label: "Last hour", milliseconds: 3_600_000 },
  { label: "Last 24 hours", milliseconds: 86_400_000 },
  { label: "Last 7 days", milliseconds: 7 * 86_400_000 },
] as const;

const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();

/** Which events a webhook is to get again. */
export function ReplayForm({ webhook, onBegun }: { webhook: Webhook; onBegun: (id: string) => void }) {
  const [since, setSince] = useState<string | undefined>(() => ago(presets[0].milliseconds));
  const [until, setUntil] = useState<string>();
  const [only, setOnly] = useState<ReplayOnly>("undelivered");
  const [types, setTypes] = useState<string[]>([]);
  const available = useAvailableEvents();
  const replay = useReplayWebhook();
  const fields = replay.error instanceof ApiProblem ? replay.error.fields : new Map<string, string>();

  const begin = async (event: FormEvent) => {
    event.preventDefault();
    if (since === undefined) return;
    const body = { since, until, only, event_types: types.length > 0 ? types : undefined };
    replay.mutate({ id: webhook.id, body }, { onSuccess: ({ replay_id }) => onBegun(replay_id) });
  };

  return (
    <form onSubmit={begin}>
      <Stack gap="sm">
        {!webhook.enabled && (
          <Alert color="yellow" title="This webhook is disabled">
            Enable it first: a replay leaves out what is for a disabled webhook.
          </Alert>
        )}
        <Group gap="xs">
          {presets.map(({ label, milliseconds }) => (
            <Button
              key={label}
              size="compact-xs"
              variant="default"
              onClick={() => {
                setSince(ago(milliseconds));
                setUntil(undefined);
              }}
            >
              {label}
            </Button>
          ))}
        </Group>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <Moment label="From" required value={since} onChange={setSince} error={fields.get("since")} />
          <Moment
            label="Until"
            value={until}
            onChange={setUntil}
            error={fields.get("until")}
            placeholder="Now"
          />
        </SimpleGrid>
        <Radio.Group label="Which of them" value={only} onChange={(value) => setOnly(value as ReplayOnly)}>
          <Stack gap={6} mt={6}>
            {choices.map(({ value, label, description }) => (
              <Radio key={value} value={value} label={label} description={description} />
            ))}
          </Stack>
        </Radio.Group>
        <TagsInput
          label="Event types"
          description="Names or patterns such as user.*; every type that the webhook wants if this is empty."
          placeholder={types.length === 0 ? "Every type" : undefined}
          data={available.data?.events ?? []}
          limit={50}
          maxTags={100}
          value={types}
          onChange={setTypes}
          acceptValueOnBlur
          error={fields.get("event_types")}
        />
        {replay.error && <ProblemAlert problem={replay.error} />}
        <Group justify="space-between">
          <Text size="xs" c="dimmed">
            At most 500 a second are handed over.
          </Text>
          <Button
            type="submit"
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            loading={replay.isPending}
            disabled={since === undefined}
          >
            Replay
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
