const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** The event's id in what somebody pasted: the id alone, or a line of a log or a `webhook-id` header around it. */
export function eventIdIn(text: string): string | undefined {
  return UUID.exec(text)?.[0].toLowerCase();
}
