import { Alert, Button, Code, Group, PasswordInput, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ApiProblem, queryKeys, type Webhook } from "@posthorn/client";
import { usePosthorn, useRotateSecret } from "@posthorn/client/react";
import { IconKey } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Confirm } from "../../../parts/confirm.tsx";
import { CopyButton } from "../../../parts/copy-button.tsx";

const overlaps = [
  { value: "0", label: "Stops at once" },
  { value: "3600", label: "Signs for another hour" },
  { value: "86400", label: "Signs for another day" },
  { value: "604800", label: "Signs for another week" },
  { value: "2592000", label: "Signs for another 30 days" },
] as const;
const A_DAY = "86400";

/** Exchanges the secret; the new one is shown right away, to be put into the receiver. */
export function Rotate({ webhook }: { webhook: Webhook }) {
  const posthorn = usePosthorn();
  const cache = useQueryClient();
  const [overlap, setOverlap] = useState<string>(A_DAY);
  const [own, setOwn] = useState("");
  const [isAsking, asking] = useDisclosure(false);
  const rotate = useRotateSecret();
  const fieldError =
    rotate.error instanceof ApiProblem ? rotate.error.fields.get("signing_secret") : undefined;

  const confirm = async () => {
    await rotate.mutateAsync({
      id: webhook.id,
      body: { overlap_seconds: Number(overlap), signing_secret: own.trim() || undefined },
    });
    setOwn("");
    await cache.invalidateQueries({ queryKey: queryKeys.administration.auditLog(posthorn).slice(0, -1) });
  };

  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        Puts another secret in its place. While both sign, nothing is refused: exchange it at the receiver in
        that time.
      </Text>
      <Select
        label="The present secret"
        data={overlaps}
        value={overlap}
        allowDeselect={false}
        onChange={(value) => setOverlap(value ?? A_DAY)}
        maw={320}
      />
      <PasswordInput
        label="New secret (optional)"
        description="One is made if this is empty. Of your own: whsec_ and base64 of 24 to 64 bytes."
        autoComplete="off"
        value={own}
        onChange={(event) => setOwn(event.currentTarget.value)}
        error={fieldError}
        maw={420}
      />
      <Group>
        <Button variant="default" leftSection={<IconKey size={16} aria-hidden />} onClick={asking.open}>
          Rotate the secret
        </Button>
      </Group>
      {rotate.data && (
        <Alert color="teal" icon={<IconKey aria-hidden />} title="The new secret" role="status">
          <Group gap="xs">
            <Code fz="sm" style={{ overflowWrap: "anywhere" }}>
              {rotate.data.signing_secret}
            </Code>
            <CopyButton value={rotate.data.signing_secret} label="Copy the new secret" />
          </Group>
          <Text size="sm" mt="xs">
            Put it into the receiver now.
          </Text>
        </Alert>
      )}
      <Confirm
        opened={isAsking}
        onClose={asking.close}
        title={`Rotate the secret of ${webhook.name}?`}
        action="Rotate"
        onConfirm={confirm}
      >
        {overlap === "0"
          ? "The present secret stops signing at once: until the receiver has the new one, it will refuse what comes."
          : "From now on the new secret signs, and the present one beside it until the overlap ends. One that was replaced before signs no more."}
      </Confirm>
    </Stack>
  );
}
