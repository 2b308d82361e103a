import { PasswordInput, SegmentedControl, SimpleGrid, Stack, TextInput } from "@mantine/core";
import type { AuthType } from "../auth-values.ts";
import { useField } from "../context.ts";
import type { SecretState } from "../stored-secrets.ts";

/** The fields of one way to authenticate. A stored secret is never shown: empty means unchanged, where it stays. */
export function AuthFields({ type, secret }: { type: AuthType; secret: SecretState }) {
  const field = useField();
  switch (type) {
    case "none":
      return null;
    case "bearer":
      return <Secret path="auth.token" label="Token" state={secret} />;
    case "basic":
      return (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <Plain path="auth.username" label="User" />
          <Secret path="auth.password" label="Password" state={secret} mayBeEmpty />
        </SimpleGrid>
      );
    case "header":
      return (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <Plain path="auth.header_name" label="Header" placeholder="X-Api-Key" required />
          <Secret path="auth.header_value" label="Value" state={secret} />
        </SimpleGrid>
      );
    case "oauth2":
      return (
        <Stack gap="sm">
          <Plain
            path="auth.token_url"
            label="Token URL"
            placeholder="https://id.example.com/oauth/token"
            description="Posthorn fetches a token here by client credentials, and uses it until it expires"
            required
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <Plain path="auth.client_id" label="Client id" required />
            <Secret path="auth.client_secret" label="Client secret" state={secret} />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <Plain path="auth.scope" label="Scope" placeholder="hooks:write" />
            <Plain path="auth.audience" label="Audience" placeholder="https://api.example.com" />
          </SimpleGrid>
          <SegmentedControl
            aria-label="How the client id and secret are sent"
            w="fit-content"
            size="xs"
            data={[
              { value: "basic", label: "In the header" },
              { value: "body", label: "In the body" },
            ]}
            {...field("auth.client_authentication")}
          />
        </Stack>
      );
  }
}

function Plain(props: {
  path: string;
  label: string;
  placeholder?: string;
  description?: string;
  required?: boolean;
}) {
  const field = useField();
  const { path, required, ...rest } = props;
  return <TextInput {...rest} withAsterisk={required} autoComplete="off" miw={200} {...field(path)} />;
}

const descriptions: Readonly<Record<SecretState, string | undefined>> = {
  none: undefined,
  stored: "Stored. Write another to replace it.",
  "left-behind": "Write it again: the stored one was given for another server, and stays there.",
};

function Secret(props: { path: string; label: string; state: SecretState; mayBeEmpty?: boolean }) {
  const { path, label, state, mayBeEmpty = false } = props;
  const field = useField();
  return (
    <PasswordInput
      label={label}
      withAsterisk={state === "left-behind" || (state === "none" && !mayBeEmpty)}
      placeholder={state === "stored" ? "Unchanged" : undefined}
      description={descriptions[state]}
      inputWrapperOrder={["label", "input", "description", "error"]}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ "aria-label": `Show the ${label.toLowerCase()}` }}
      {...field(path)}
    />
  );
}
