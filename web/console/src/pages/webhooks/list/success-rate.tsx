import { Group, Skeleton, Text } from "@mantine/core";
import type { WebhookActivity } from "@posthorn/client";
import { Sparkline } from "../../../parts/sparkline.tsx";
import { successWords } from "./success-words.ts";

/** How many of a webhook's deliveries of the last day succeeded, and when. */
export function SuccessRate({ activity }: { activity: WebhookActivity | "asked" | undefined }) {
  if (activity === "asked") return <Skeleton height={24} width={150} />;
  if (activity === undefined) return <Text size="sm">–</Text>;
  const { rate, sentence } = successWords(activity);
  return (
    <Group gap="xs" wrap="nowrap" miw={0}>
      <Text
        size="sm"
        w={{ base: "auto", sm: 54 }}
        ta="right"
        component="span"
        style={{ whiteSpace: "nowrap" }}
      >
        {rate}
      </Text>
      <Sparkline buckets={activity.hours} label={sentence} />
    </Group>
  );
}
