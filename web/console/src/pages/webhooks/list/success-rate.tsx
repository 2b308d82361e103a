import { Group, Skeleton, Text } from "@mantine/core";
import { useWebhookStatistics } from "@posthorn/client/react";
import { Sparkline } from "../../../parts/sparkline.tsx";
import { successWords } from "./success-words.ts";

const LIVE_MS = 30_000;

/** How many of a webhook's deliveries of the last day succeeded, and when. */
export function SuccessRate({ id }: { id: string }) {
  const { data, error } = useWebhookStatistics(id, { bucket: "1h" }, { refetchInterval: LIVE_MS });
  if (data === undefined) return error ? <Text size="sm">–</Text> : <Skeleton height={24} width={150} />;
  const { rate, sentence } = successWords(data);
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="sm" w={48} ta="right" component="span">
        {rate}
      </Text>
      <Sparkline buckets={data.buckets} label={sentence} />
    </Group>
  );
}
