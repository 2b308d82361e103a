import { Box, Table, Text, VisuallyHidden } from "@mantine/core";
import type { Statistics } from "@posthorn/client";
import { LinkTo } from "../../../parts/to.tsx";
import { percent } from "../../overview/format.ts";
import classes from "./by-event-type.module.css";

/** So many are listed, the most frequent first. */
const ROWS_MAX = 50;

type OfType = Statistics["event_types"][number];

/** What was delivered of each event type, and how it fared. */
export function ByEventType({ types, webhook }: { types: readonly OfType[]; webhook: string }) {
  const most = Math.max(1, ...types.map(({ deliveries }) => deliveries));
  return (
    <Table layout="fixed" verticalSpacing={6}>
      <caption>
        <VisuallyHidden>Deliveries by event type, the most frequent first</VisuallyHidden>
      </caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Event type</Table.Th>
          <Table.Th w="26%" visibleFrom="sm">
            Share
          </Table.Th>
          <Table.Th w={96} ta="right">
            Deliveries
          </Table.Th>
          <Table.Th w={80} ta="right">
            Failed
          </Table.Th>
          <Table.Th w={110} ta="right" visibleFrom="xs">
            Success
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {types.slice(0, ROWS_MAX).map((type) => (
          <Row key={type.event_type} type={type} most={most} webhook={webhook} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ type, most, webhook }: { type: OfType; most: number; webhook: string }) {
  const { event_type, deliveries, successes, failures } = type;
  const settled = successes + failures;
  const width = (part: number) => ({ width: `${(100 * part) / most}%` });
  return (
    <Table.Tr>
      <Table.Td>
        <LinkTo
          to="/webhooks/$id"
          params={{ id: webhook }}
          search={{ tab: "deliveries", event_type }}
          size="sm"
          truncate
          display="block"
        >
          {event_type}
        </LinkTo>
      </Table.Td>
      <Table.Td visibleFrom="sm" aria-hidden>
        <Box className={classes.bar}>
          <span className={classes.successes} style={width(successes)} />
          <span className={classes.failures} style={width(failures)} />
          <span className={classes.open} style={width(deliveries - settled)} />
        </Box>
      </Table.Td>
      <Table.Td ta="right">{deliveries.toLocaleString("en")}</Table.Td>
      <Table.Td ta="right">{failures.toLocaleString("en")}</Table.Td>
      <Table.Td ta="right" visibleFrom="xs">
        <Text size="sm" component="span">
          {percent(settled === 0 ? null : (100 * successes) / settled)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
