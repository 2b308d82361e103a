import { Button, Code, Group, Text } from "@mantine/core";
import { useRevealSecret } from "@posthorn/client/react";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import { useEffect } from "react";
import { CopyButton } from "../../../parts/copy-button.tsx";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";

/** A secret is hidden again after so long, in milliseconds: screens are left alone. */
const SHOWN_MS = 60_000;

/** Shows the secret to whoever asks for it; the audit log says who did. */
export function Reveal({ id }: { id: string }) {
  const { data, error, isPending, mutate, reset } = useRevealSecret();
  const secret = data?.signing_secret;
  useEffect(() => {
    if (secret === undefined) return;
    const timer = setTimeout(reset, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [secret, reset]);
  return (
    <>
      <Group gap="xs">
        <Code fz="sm" style={{ overflowWrap: "anywhere" }} aria-label="Signing secret">
          {secret ?? `whsec_${"•".repeat(24)}`}
        </Code>
        {secret !== undefined && <CopyButton value={secret} label="Copy the secret" />}
        <Button
          size="xs"
          variant="default"
          loading={isPending}
          leftSection={
            secret === undefined ? <IconEye size={14} aria-hidden /> : <IconEyeOff size={14} aria-hidden />
          }
          onClick={() => (secret === undefined ? mutate(id) : reset())}
        >
          {secret === undefined ? "Reveal" : "Hide"}
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        Revealing it is written into the audit log. It is hidden again after a minute.
      </Text>
      {error && <ProblemAlert problem={error} />}
    </>
  );
}
