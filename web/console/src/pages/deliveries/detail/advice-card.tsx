import { Alert, List, Stack, Text } from "@mantine/core";
import type { Delivery } from "@posthorn/client";
import { IconBulb } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Countdown } from "../../../parts/countdown.tsx";
import { Words } from "../../../parts/words.tsx";
import { type Advice, adviceOn } from "../advice.ts";

/** Why a delivery did not get through, in plain words, with what to do. Nothing where there is nothing to mend. */
export function AdviceCard({
  delivery,
  actions,
}: {
  delivery: Delivery;
  actions: (advice: Advice) => ReactNode;
}) {
  const advice = adviceOn(delivery);
  if (advice === undefined) return null;
  const isOver = delivery.status === "failed";
  return (
    <Alert
      color={isOver ? "red" : delivery.status === "success" ? "blue" : "yellow"}
      icon={<IconBulb aria-hidden />}
      title={advice.title}
      mb="md"
    >
      <Stack gap="xs">
        <Text size="sm">{advice.meaning}</Text>
        <List type="ordered" size="sm" spacing={4}>
          {advice.steps.map((step) => (
            <List.Item key={step}>
              <Words text={step} />
            </List.Item>
          ))}
        </List>
        <Text size="sm" fw={500}>
          <Standing delivery={delivery} />
        </Text>
        {actions(advice)}
      </Stack>
    </Alert>
  );
}

/** What Posthorn does about it by itself. */
function Standing({ delivery }: { delivery: Delivery }) {
  if (delivery.status === "failed") {
    return "Posthorn does not try again by itself. When the cause is mended, retry it here; a replay makes up for many.";
  }
  if (delivery.status === "retrying" && delivery.next_retry_at) {
    return (
      <>
        Posthorn tries again by itself:{" "}
        <Countdown until={delivery.next_retry_at} passed="as soon as its turn comes" />
      </>
    );
  }
  return null;
}
