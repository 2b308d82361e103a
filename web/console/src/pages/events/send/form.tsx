import { Button, Collapse, Group, SimpleGrid, Stack, TextInput, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ApiProblem } from "@posthorn/client";
import { IconChevronDown, IconChevronRight, IconSend } from "@tabler/icons-react";
import { type FormEvent, useEffect, useState } from "react";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";
import { Moment } from "../../../parts/time-range.tsx";
import { useSession } from "../../../session/session.tsx";
import { type CatalogueType, useCatalogue } from "../../event-types/catalogue.ts";
import { type Draft, exampleOf, mistakesIn } from "./draft.ts";
import { EventFields } from "./fields.tsx";
import { type Sent, useSend } from "./use-send.ts";

/** Writes an event and publishes it. */
export function SendForm(props: {
  initial: Draft;
  /** Is told each type that is written. */
  onType: (type: string) => void;
  onSent: (sent: Sent) => void;
}) {
  const { initial, onType, onSent } = props;
  const { event_data_bytes_max: bytesMax, mayView } = useSession();
  const [draft, setDraft] = useState(initial);
  const [wasTried, setWasTried] = useState(false);
  const [hasMore, { toggle }] = useDisclosure(false);
  const send = useSend();
  // A publisher's key may not read it.
  const catalogue = useCatalogue(mayView);
  useExample(initial, catalogue, setDraft);
  const mistakes = mistakesIn(draft, bytesMax);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWasTried(true);
    if (mistakes.size > 0) return;
    send.mutate(draft, { onSuccess: onSent });
  };
  const change = (changed: Draft) => {
    setDraft(changed);
    onType(changed.type);
    send.reset();
  };
  const shown = new Map(wasTried ? mistakes : [...mistakes].filter(([field]) => field === "data"));
  if (send.error instanceof ApiProblem) {
    for (const [field, detail] of send.error.fields) if (field === "type") shown.set("type", detail);
  }

  return (
    <form onSubmit={submit} noValidate aria-label="Event">
      <Stack gap="sm">
        <EventFields
          draft={draft}
          onChange={change}
          catalogue={catalogue}
          mistakes={shown}
          bytesMax={bytesMax}
        />
        <UnstyledButton onClick={toggle} aria-expanded={hasMore} fz="sm" w="fit-content">
          <Group gap={4}>
            {hasMore ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
            Idempotency key and time
          </Group>
        </UnstyledButton>
        <Collapse expanded={hasMore}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
            <TextInput
              label="Idempotency key"
              description="Sending again with it within two minutes gives no second event."
              value={draft.idempotencyKey}
              onChange={(event) => change({ ...draft, idempotencyKey: event.currentTarget.value })}
              error={shown.get("idempotencyKey")}
              autoComplete="off"
            />
            <Moment
              label="When it happened"
              description="Now, if nothing is chosen."
              value={draft.timestamp}
              onChange={(timestamp) => change({ ...draft, timestamp })}
            />
          </SimpleGrid>
        </Collapse>
        {send.error && <ProblemAlert problem={send.error} />}
        <Group>
          <Button type="submit" leftSection={<IconSend size={16} aria-hidden />} loading={send.isPending}>
            Send
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Puts in the example of the type that the address names, once the catalogue is there. */
function useExample(
  initial: Draft,
  catalogue: readonly CatalogueType[] | undefined,
  setDraft: (change: (draft: Draft) => Draft) => void,
) {
  const { type, data } = initial;
  useEffect(() => {
    const example = exampleOf(type, catalogue);
    if (example === undefined) return;
    setDraft((draft) =>
      draft.type === type && draft.data === data && data === "{}" ? { ...draft, data: example } : draft,
    );
  }, [type, data, catalogue, setDraft]);
}
