import { type EventType, queryKeys } from "@posthorn/client";
import { usePosthorn } from "@posthorn/client/react";
import { useQuery } from "@tanstack/react-query";
import { rawElements, rawMember } from "../../parts/raw-member.ts";

/** Most that the api lists at once. */
const TYPES_MAX = 500;

/** A type of the catalogue, with its example as the text that is kept: read into values, long numbers would be rounded. */
export type CatalogueType = Omit<EventType, "example"> & {
  /** JSON; undefined where there is none. */
  example: string | undefined;
};

/** Reads the api's list of event types. */
export function readCatalogue(answer: string): CatalogueType[] {
  return rawElements(rawMember(answer, "event_types") ?? "[]").map((text) => {
    const type: EventType = JSON.parse(text);
    const example = rawMember(text, "example");
    return { ...type, example: example === "null" ? undefined : example };
  });
}

/** The catalogue, once it is there, for whoever may read it. */
export function useCatalogue(mayRead = true): readonly CatalogueType[] | undefined {
  const posthorn = usePosthorn();
  const { data } = useQuery({
    queryKey: [...queryKeys.eventTypes.list(posthorn, { limit: TYPES_MAX }), "text"],
    queryFn: async ({ signal }) =>
      readCatalogue(await (await posthorn.raw(`/api/v1/event-types?limit=${TYPES_MAX}`, { signal })).text()),
    enabled: mayRead,
  });
  return data;
}
