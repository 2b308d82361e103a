import { Stack } from "@mantine/core";
import { CodeInput } from "../code-input.tsx";
import { useField } from "../context.ts";

/** Certificates of mutual TLS, in PEM. The key is never shown. */
export function TlsFields({ isKeyStored }: { isKeyStored: boolean }) {
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
        description={isKeyStored ? "Stored. Paste another to replace it." : "Without a passphrase"}
        placeholder={isKeyStored ? "Unchanged" : "-----BEGIN PRIVATE KEY-----"}
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
