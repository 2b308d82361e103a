import { Card, Checkbox, Code, Table, Text, VisuallyHidden } from "@mantine/core";
import type { DeadLetter } from "@posthorn/client";
import { useRef } from "react";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { LinkTo } from "../../parts/to.tsx";
import { useWebhookNames } from "../../parts/webhook-names.ts";
import { useSession } from "../../session/session.tsx";
import { between, isSelected, type Selection, withIds } from "./selection.ts";

/** The ground of a chosen row: light enough for links on it. */
const CHOSEN = "light-dark(var(--mantine-color-horn-0), #372520)";

/** Dead letters as rows that can be chosen, by whoever may do something with them. */
export function DeadLettersTable(props: {
  letters: readonly DeadLetter[];
  selection: Selection;
  onSelect: (selection: Selection) => void;
}) {
  const { letters, selection, onSelect } = props;
  const { mayManage } = useSession();
  const nameOf = useWebhookNames();
  const last = useRef<string>(undefined);
  const selected = letters.filter(({ id }) => isSelected(selection, id)).length;
  const toggle = (id: string, isOn: boolean, hasShift: boolean) => {
    const ids = hasShift && last.current !== undefined ? between(letters, last.current, id) : [id];
    last.current = id;
    onSelect(withIds(selection, ids, isOn, letters));
  };
  return (
    <Card withBorder padding={0}>
      <Table verticalSpacing={6} highlightOnHover layout="fixed">
        <caption>
          <VisuallyHidden>Dead letters, the one given up last first</VisuallyHidden>
        </caption>
        <Table.Thead>
          <Table.Tr>
            {mayManage && (
              <Table.Th w={40}>
                <Checkbox
                  aria-label="All that are shown"
                  checked={selected === letters.length}
                  indeterminate={selected > 0 && selected < letters.length}
                  onChange={(event) =>
                    onSelect(
                      withIds(
                        selection,
                        letters.map(({ id }) => id),
                        event.currentTarget.checked,
                        letters,
                      ),
                    )
                  }
                />
              </Table.Th>
            )}
            <Table.Th w={{ base: "auto", sm: "32%" }}>Event type and webhook</Table.Th>
            <Table.Th visibleFrom="sm">Why</Table.Th>
            <Table.Th w={100} ta="right" visibleFrom="md">
              Attempts
            </Table.Th>
            <Table.Th w={{ base: 110, sm: 120 }} ta="right">
              Given up
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {letters.map((letter) => (
            <Row
              key={letter.id}
              letter={letter}
              webhook={letter.webhook_id ? nameOf(letter.webhook_id) : undefined}
              isSelected={isSelected(selection, letter.id)}
              onToggle={mayManage ? toggle : undefined}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

function Row(props: {
  letter: DeadLetter;
  webhook: string | undefined;
  isSelected: boolean;
  onToggle: ((id: string, isOn: boolean, hasShift: boolean) => void) | undefined;
}) {
  const { letter, webhook, isSelected, onToggle } = props;
  const name = nameOfLetter(letter);
  return (
    <Table.Tr bg={isSelected ? CHOSEN : undefined}>
      {onToggle !== undefined && (
        <Table.Td>
          <Checkbox
            aria-label={`Choose ${name}${webhook === undefined ? "" : ` for ${webhook}`}`}
            checked={isSelected}
            onChange={(event) => {
              const { nativeEvent } = event;
              const hasShift = nativeEvent instanceof MouseEvent && nativeEvent.shiftKey;
              onToggle(letter.id, event.currentTarget.checked, hasShift);
            }}
          />
        </Table.Td>
      )}
      <Table.Td>
        <LinkTo
          to="/dead-letters"
          search={(now) => ({ ...now, letter: letter.id })}
          replace
          resetScroll={false}
          size="sm"
          fw={500}
          truncate
          display="block"
        >
          {name}
        </LinkTo>
        <Text size="xs" c="dimmed" truncate>
          {webhook ?? letter.subject}
        </Text>
        <Text size="xs" component="div" hiddenFrom="sm" lineClamp={2}>
          <Reason letter={letter} />
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm" component="div" lineClamp={2}>
          <Reason letter={letter} />
        </Text>
      </Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {letter.kind === "delivery" ? letter.attempt_count : "–"}
      </Table.Td>
      <Table.Td ta="right">
        <RelativeTime at={letter.created_at} />
      </Table.Td>
    </Table.Tr>
  );
}

/** What a letter is called. */
export function nameOfLetter({ kind, event_type }: DeadLetter): string {
  return kind === "malformed" ? "Unreadable message" : (event_type ?? "Delivery");
}

export function Reason({ letter: { status_code, reason } }: { letter: DeadLetter }) {
  return (
    <>
      {status_code && <Code mr={6}>{status_code}</Code>}
      {reason}
    </>
  );
}
