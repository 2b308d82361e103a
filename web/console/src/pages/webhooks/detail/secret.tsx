import { Card, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { Webhook } from "@posthorn/client";
import { Verification } from "../../../parts/verification.tsx";
import { useSession } from "../../../session/session.tsx";
import { Overlap } from "./overlap.tsx";
import { Reveal } from "./reveal.tsx";
import { Rotate } from "./rotate.tsx";

/** The signing secret: shown to who may manage, exchanged, and how a receiver verifies with it. */
export function Secret({ webhook }: { webhook: Webhook }) {
  const { mayManage } = useSession();
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Stack>
        <Card withBorder component="section" aria-labelledby="secret">
          <Title order={2} size="h5" id="secret" mb="xs">
            Signing secret
          </Title>
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              Every request is signed with it, so that the receiver knows that it comes from here.
              {!mayManage && " Only managers and admins may see it."}
            </Text>
            {/* After a rotation what was revealed is no longer the secret. */}
            {mayManage && <Reveal key={webhook.updated_at} id={webhook.id} />}
            <Overlap id={webhook.id} />
          </Stack>
        </Card>
        {mayManage && (
          <Card withBorder component="section" aria-labelledby="rotate">
            <Title order={2} size="h5" id="rotate" mb="xs">
              Rotate
            </Title>
            <Rotate webhook={webhook} />
          </Card>
        )}
      </Stack>
      <Card withBorder component="section" aria-labelledby="verify">
        <Title order={2} size="h5" id="verify" mb="xs">
          Verify at the receiver
        </Title>
        <Verification />
      </Card>
    </SimpleGrid>
  );
}
