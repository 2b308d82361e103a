import { patternMatches } from "@posthorn/client";
import type { CatalogueType } from "../../../event-types/catalogue.ts";

/** The event that a preview is made of. */
export interface Sample {
  source: "example" | "recent" | "own";
  /** The event type of the example; chosen by the patterns while nobody has chosen one. */
  exampleType: string | undefined;
  /** The event of the log. */
  eventId: string | undefined;
  ownType: string;
  ownData: string;
}

export const firstSample: Sample = {
  source: "example",
  exampleType: undefined,
  eventId: undefined,
  ownType: "user.created",
  ownData: '{\n  "id": "42",\n  "name": "Ada"\n}',
};

/** The type of the catalogue whose example is shown: what was chosen, or else the first that the webhook wants. */
export function exampleType(
  chosen: string | undefined,
  patterns: readonly string[],
  catalogue: readonly Pick<CatalogueType, "name">[],
): string | undefined {
  if (chosen !== undefined) return chosen;
  const wanted = catalogue.find(({ name }) => patterns.some((pattern) => patternMatches(pattern, name)));
  return (wanted ?? catalogue[0])?.name;
}

/**
 * The member of a request for a preview that names the event, as JSON text: what somebody wrote, here or in the
 * catalogue, is passed on digit by digit. Or what is missing to ask.
 */
export function askedEvent(
  sample: Sample,
  patterns: readonly string[],
  catalogue: readonly Pick<CatalogueType, "name" | "example">[],
): { member: string } | { missing: string } {
  if (sample.source === "recent") {
    return sample.eventId === undefined
      ? { missing: "Choose an event of the last days." }
      : { member: `"event_id":${JSON.stringify(sample.eventId)}` };
  }
  if (sample.source === "example") {
    const type = exampleType(sample.exampleType, patterns, catalogue);
    if (type === undefined) return { missing: "The catalogue has no example: use one of your own." };
    return event(type, catalogue.find(({ name }) => name === type)?.example ?? "{}");
  }
  if (sample.ownType.trim() === "") return { missing: "Name the event's type." };
  try {
    JSON.parse(sample.ownData);
  } catch (error) {
    return { missing: `The sample is no JSON: ${error instanceof Error ? error.message : error}` };
  }
  return event(sample.ownType.trim(), sample.ownData);
}

const event = (type: string, data: string) => ({
  member: `"event":{"type":${JSON.stringify(type)},"data":${data}}`,
});
