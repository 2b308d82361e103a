import type { EventType } from "./types.ts";

/** The types of the events that Posthorn publishes itself. `*` does not include them: a webhook names them. */
export const operationalTypes: readonly string[] = [
  "delivery.exhausted",
  "webhook.disabled",
  "webhook.failing",
  "webhook.recovered",
];

/** Whether one of these patterns stands for events that Posthorn publishes itself. */
export function wantsOperational(patterns: readonly string[]): boolean {
  return operationalTypes.some((type) => patterns.some((pattern) => patternMatches(pattern, type)));
}

/** The parts of an event type that are written in capitals. */
const initials = new Set(["api", "id", "ip", "sms", "url", "sso", "mfa"]);

/** A label for an event type: the catalogue's, or one made of its name: `user.password_reset` is “User password reset”. */
export function eventTypeLabel(
  name: string,
  catalogue?: readonly Pick<EventType, "name" | "label">[],
): string {
  const known = catalogue?.find((type) => type.name === name)?.label;
  return known ?? labelOf(name);
}

/** A label for a pattern of event types: `user.*` is “User: all”, `*` is “All events”. */
export function patternLabel(
  pattern: string,
  catalogue?: readonly Pick<EventType, "name" | "label">[],
): string {
  if (pattern === "*") return "All events";
  if (pattern.endsWith(".*")) return `${labelOf(pattern.slice(0, -2))}: all`;
  return eventTypeLabel(pattern, catalogue);
}

/** Whether an event type is one of those that a pattern stands for. */
export function patternMatches(pattern: string, type: string): boolean {
  if (pattern === "*") return !operationalTypes.includes(type);
  return pattern.endsWith(".*")
    ? type.startsWith(pattern.slice(0, -1)) && type.length > pattern.length - 1
    : pattern === type;
}

function labelOf(name: string): string {
  const words = name.split(/[._-]+/).filter(Boolean);
  const text = words.map((word) => (initials.has(word) ? word.toUpperCase() : word)).join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
