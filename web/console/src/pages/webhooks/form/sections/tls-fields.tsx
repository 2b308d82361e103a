import { Stack } from "@mantine/core";
import { CodeInput } from "../code-input.tsx";
import { useField } from "../context.ts";
import type { SecretState } from "../stored-secrets.ts";

const keyDescriptions: Readonly<Record<SecretState, string>> = {
  none: "Without a passphrase",
  stored: "Stored. Paste another to replace it.",
  "left-behind": "Paste it again: the stored one was given for another server, and stays there.",
};

/** Certificates of mutual TLS, in PEM. The key is never shown. */
export function TlsFields({ keyState }: { keyState: SecretState }) {
  const field = useField();
  return (
    <Stack gap="sm">
      <CodeInput
        label="Client certificate"
        description="Shown to the receiver, with the chain above it"
        placeholder="-----BEGIN CERTIFICATE-----"
        minRows={2}
        maxRows={8}
        {...field("tls.client_certificate")}
      />
      <CodeInput
        label="Its private key"
        description={keyDescriptions[keyState]}
        placeholder={keyState === "stored" ? "Unchanged" : "-----BEGIN PRIVATE KEY-----"}
        minRows={2}
        maxRows={8}
        autoComplete="off"
        {...field("tls.client_key")}
      />
      <CodeInput
        label="Trusted authorities"
        description="Where the receiver's certificate must come from, instead of the public authorities"
        placeholder="-----BEGIN CERTIFICATE-----"
        minRows={2}
        maxRows={8}
        {...field("tls.ca_certificate")}
      />
    </Stack>
  );
}
