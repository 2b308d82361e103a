import { type EventWithData, eventTypeLabel } from "@posthorn/client";
import { useEventTypes } from "@posthorn/client/react";
import type { ReactNode } from "react";
import { Facts } from "../../../parts/facts.tsx";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { exactTime } from "../../../parts/time.ts";
import { LinkTo } from "../../../parts/to.tsx";

/** Most that the api lists at once. */
const TYPES_MAX = 500;

/** What is known of an event beside its data. */
export function EventFacts({ event }: { event: EventWithData }) {
  const { data: catalogue } = useEventTypes({ limit: TYPES_MAX });
  const { type, timestamp, accepted_at, cloud_event: cloud } = event;
  const label = eventTypeLabel(type, catalogue?.event_types);
  const isKnown = catalogue?.event_types.some(({ name }) => name === type) ?? false;
  const facts: [string, ReactNode][] = [
    [
      "Type",
      isKnown ? (
        <LinkTo key="type" to="/event-types/$name" params={{ name: type }} inherit underline="always">
          {label}
        </LinkTo>
      ) : (
        label
      ),
    ],
    ["Happened", exactTime(timestamp)],
    [
      "Accepted",
      <span key="accepted">
        {exactTime(accepted_at)} (<RelativeTime at={accepted_at} />)
      </span>,
    ],
  ];
  if (cloud) facts.push(["Source", cloud.source], ["CloudEvents id", cloud.id]);
  if (cloud?.subject) facts.push(["Subject", cloud.subject]);
  if (cloud?.datacontenttype) facts.push(["Type of the data", cloud.datacontenttype]);
  if (cloud?.dataschema) facts.push(["Schema of the data", cloud.dataschema]);
  for (const [name, value] of Object.entries(cloud?.extensions ?? {})) facts.push([name, String(value)]);
  return <Facts facts={facts} cols={2} />;
}
