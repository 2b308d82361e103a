const EVENT_TYPE = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;
const CHARACTERS_MAX = 128;

/** Whether the api would take this as the name of an event type. */
export function isEventType(text: string): boolean {
  return text.length <= CHARACTERS_MAX && EVENT_TYPE.test(text);
}
