import { Anchor, Button, Card, Center, Checkbox, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { ApiProblem, createPosthorn, getSession } from "@posthorn/client";
import { type FormEvent, useState } from "react";
import { ProblemAlert } from "../parts/problem-alert.tsx";
import { storeKey } from "./key-store.ts";

/** Asks for an API key and checks it. */
export function SignIn({ onSignedIn, ended }: { onSignedIn: () => void; ended: boolean }) {
  const [key, setKey] = useState("");
  const [forThisTab, setForThisTab] = useState(true);
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const refused = problem instanceof ApiProblem && problem.status === 401;

  const signIn = async (event: FormEvent) => {
    event.preventDefault();
    const apiKey = key.trim();
    setIsBusy(true);
    setProblem(undefined);
    try {
      await getSession(createPosthorn({ apiKey }));
      storeKey(apiKey, forThisTab);
      onSignedIn();
    } catch (error) {
      setProblem(error);
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <Center component="main" mih="100dvh" p="md">
      <Card component="form" onSubmit={signIn} withBorder w="100%" maw={420} padding="xl">
        <Stack>
          <Title order={1} size="h2">
            Posthorn
          </Title>
          <Text c="dimmed">
            {ended ? "The key is no longer valid. Sign in with another." : "Sign in with an API key."}
          </Text>
          <PasswordInput
            label="API key"
            name="api-key"
            autoComplete="current-password"
            required
            data-autofocus
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            error={refused ? "Posthorn does not know this key, or it has expired" : undefined}
          />
          <Checkbox
            label="Stay signed in until this tab is closed"
            checked={forThisTab}
            onChange={(event) => setForThisTab(event.currentTarget.checked)}
          />
          {problem !== undefined && !refused && <ProblemAlert problem={problem} />}
          <Button type="submit" loading={isBusy} disabled={key.trim() === ""}>
            Sign in
          </Button>
          <Text size="sm" c="dimmed">
            An admin issues keys under Settings, or with <code>POST /api/v1/api-keys</code>. See the{" "}
            <Anchor href="/docs" size="sm" underline="always">
              REST interface
            </Anchor>
            .
          </Text>
        </Stack>
      </Card>
    </Center>
  );
}
