import { Table } from "@mantine/core";
import { type EventWithData, eventTypeLabel } from "@posthorn/client";
import { useEventTypes } from "@posthorn/client/react";
import type { ReactNode } from "react";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { exactTime } from "../../../parts/time.ts";
import { LinkTo } from "../../../parts/to.tsx";

/** What is known of an event beside its data. */
export function EventFacts({ event }: { event: EventWithData }) {
  const { data: catalogue } = useEventTypes({ limit: 500 });
  const isKnown = catalogue?.event_types.some(({ name }) => name === event.type) ?? false;
  const { cloud_event: cloud } = event;
  return (
    <Table variant="vertical" withRowBorders={false} verticalSpacing={4} layout="fixed">
      <Table.Tbody>
        <Fact label="Type">
          {isKnown ? (
            <LinkTo to="/event-types/$name" params={{ name: event.type }} size="sm" underline="always">
              {eventTypeLabel(event.type, catalogue?.event_types)}
            </LinkTo>
          ) : (
            eventTypeLabel(event.type)
          )}
        </Fact>
        <Fact label="Happened">{exactTime(event.timestamp)}</Fact>
        <Fact label="Accepted">
          {exactTime(event.accepted_at)} (<RelativeTime at={event.accepted_at} />)
        </Fact>
        {cloud && <Fact label="Source">{cloud.source}</Fact>}
        {cloud && <Fact label="CloudEvents id">{cloud.id}</Fact>}
        {cloud?.subject && <Fact label="Subject">{cloud.subject}</Fact>}
      </Table.Tbody>
    </Table>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w={120} fw={500}>
        {label}
      </Table.Th>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{children}</Table.Td>
    </Table.Tr>
  );
}
