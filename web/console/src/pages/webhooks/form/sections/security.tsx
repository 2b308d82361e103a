import { SegmentedControl, Stack, Text, Title } from "@mantine/core";
import type { AuthType } from "../auth-values.ts";
import { useStored, useWebhookFields } from "../context.ts";
import { authSecretState, tlsKeyState } from "../stored-secrets.ts";
import { authNames } from "../summaries.ts";
import { AuthFields } from "./auth-fields.tsx";
import { TlsFields } from "./tls-fields.tsx";

const types: readonly AuthType[] = ["none", "bearer", "basic", "header", "oauth2"];

/** How Posthorn proves to the receiver who it is, beside the signature. */
export function Security() {
  const form = useWebhookFields();
  const stored = useStored();
  const { type } = form.values.auth;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        Every request is signed. What is set here comes on top, for receivers that want it.
      </Text>
      <div className="scroll-x">
        <SegmentedControl
          aria-label="Authentication"
          data={types.map((value) => ({ value, label: authNames[value] }))}
          value={type}
          onChange={(chosen) => {
            const found = types.find((one) => one === chosen);
            if (found) form.setFieldValue("auth.type", found);
          }}
        />
      </div>
      <AuthFields type={type} secret={authSecretState(stored, form.values)} />
      <Title order={3} size="sm" mt="xs">
        TLS
      </Title>
      <TlsFields keyState={tlsKeyState(stored, form.values)} />
    </Stack>
  );
}
