import { Code, Text } from "@mantine/core";
import type { AuditEntry } from "@posthorn/client";
import { LinkTo } from "../../../parts/to.tsx";
import { shortId, useWebhookNames } from "../../../parts/webhook-names.ts";

/** What was changed, with a link to it if it may still be there. */
export function Target({ entry }: { entry: AuditEntry }) {
  const nameOf = useWebhookNames();
  const { target_kind: kind, target_id: id, action, details } = entry;
  const name = typeof details.name === "string" ? details.name : undefined;
  if (id === "") return <Text size="sm">–</Text>;
  if (action.endsWith(".deleted")) return <Text size="sm">{name ?? <Code>{id}</Code>}</Text>;
  // In the tenant that it belongs to, which need not be the one that is shown.
  const search = entry.tenant ? { tenant: entry.tenant } : {};
  switch (kind) {
    case "webhook":
      return (
        <LinkTo to="/webhooks/$id" params={{ id }} search={search} size="sm">
          {name ?? (nameOf(id) === shortId(id) ? `Webhook ${shortId(id)}` : nameOf(id))}
        </LinkTo>
      );
    case "event_type":
      return (
        <LinkTo to="/event-types/$name" params={{ name: id }} search={search} size="sm">
          {id}
        </LinkTo>
      );
    case "delivery":
      return (
        <LinkTo to="/deliveries/$id" params={{ id }} search={search} size="sm">
          Delivery {shortId(id)}
        </LinkTo>
      );
    case "event":
      return (
        <LinkTo to="/events/$id" params={{ id }} search={search} size="sm">
          Event {shortId(id)}
        </LinkTo>
      );
    case "replay":
      return (
        <LinkTo to="/replays/$id" params={{ id }} search={search} size="sm">
          Replay {shortId(id)}
        </LinkTo>
      );
    default:
      return <Text size="sm">{name ?? id}</Text>;
  }
}
