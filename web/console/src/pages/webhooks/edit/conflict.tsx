import { Alert, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { getWebhookVersion, queryKeys } from "@posthorn/client";
import { usePosthorn } from "@posthorn/client/react";
import { IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { actorOf } from "../../../parts/actor.ts";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { useWebhookFields } from "../form/context.ts";
import { inWords } from "../form/field-labels.ts";
import { conflicts, differences, mergeValues, type Preference } from "../form/merge-values.ts";
import { valuesOf } from "../form/values.ts";
import type { Loaded } from "./use-loaded.ts";

/** Somebody else saved first. Says what they changed; whatever was typed stays until the reader has decided. */
export function Conflict(props: { base: Loaded; onDecided: (theirs: Loaded) => void }) {
  const { base, onDecided } = props;
  const { id } = base.webhook;
  const posthorn = usePosthorn();
  const form = useWebhookFields();
  const { data, error, refetch } = useQuery({
    queryKey: [...queryKeys.webhooks.detail(posthorn, id), "conflict", base.etag],
    queryFn: ({ signal }) => getWebhookVersion(posthorn, id, signal),
    gcTime: 0,
  });
  if (data === undefined) {
    return error ? <ProblemAlert problem={error} retry={() => refetch()} /> : <Skeleton height={120} />;
  }
  const [before, mine, theirs] = [valuesOf(base.webhook), form.getValues(), valuesOf(data.webhook)];
  const changed = differences(before, theirs);
  const both = conflicts(before, mine, theirs);
  const decide = (prefer: Preference) => {
    form.setInitialValues(theirs);
    form.setValues(mergeValues(before, mine, theirs, prefer));
    onDecided(data);
  };
  return (
    <Alert
      role="alert"
      color="yellow"
      icon={<IconUsers aria-hidden />}
      title="Somebody changed this webhook meanwhile"
    >
      <Stack gap="xs">
        <Text size="sm">
          {actorOf(data.webhook.updated_by).name} saved it <RelativeTime at={data.webhook.updated_at} />
          {changed.length > 0 ? ` with another ${inWords(changed)}. ` : "; its settings read the same. "}
          Nothing of yours is saved yet, and nothing that you wrote is lost.
        </Text>
        {both.length === 0 ? (
          <Group gap="xs">
            <Button variant="default" size="xs" onClick={() => decide("mine")}>
              Load their changes beside mine
            </Button>
          </Group>
        ) : (
          <>
            <Text size="sm">
              Both of you changed the {inWords(both)}. All else of theirs and of yours goes together.
            </Text>
            <Group gap="xs">
              <Button variant="default" size="xs" onClick={() => decide("mine")}>
                Keep mine
              </Button>
              <Button variant="default" size="xs" onClick={() => decide("theirs")}>
                Load theirs
              </Button>
            </Group>
          </>
        )}
        <Text size="xs" c="dimmed">
          Look through the form then, and save again.
        </Text>
      </Stack>
    </Alert>
  );
}
