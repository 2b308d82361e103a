import { type EventType, queryKeys } from "@posthorn/client";
import { usePosthorn } from "@posthorn/client/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { rawMember } from "../../parts/raw-member.ts";

/** An event type, with what of it is JSON as the text that is kept: read into values, long numbers would be rounded. */
export interface EventTypeText {
  type: EventType;
  /** Empty: there is none. */
  example: string;
  schema: string;
}

/** What is written in the form of an event type. */
export interface EventTypeDraft {
  name: string;
  label: string;
  category: string;
  description: string;
  /** JSON, or empty text for none. */
  example: string;
  schema: string;
}

/** Reads the api's answer. */
export function readType(answer: string): EventTypeText {
  const member = (name: string) => {
    const text = rawMember(answer, name) ?? "null";
    return text === "null" ? "" : text;
  };
  return { type: JSON.parse(answer), example: member("example"), schema: member("schema") };
}

/** The request's body, with the JSON in it as it was written; a type that exists has its name in the path. */
export function bodyOf(draft: EventTypeDraft, isNew: boolean): string {
  const rest = {
    ...(isNew && { name: draft.name.trim() }),
    label: draft.label.trim() || null,
    category: draft.category.trim() || null,
    description: draft.description.trim() || null,
  };
  const { example, schema } = draft;
  return `${JSON.stringify(rest).slice(0, -1)},"example":${example.trim() || "null"},"schema":${schema.trim() || "null"}}`;
}

const path = (name: string) => `/api/v1/event-types/${encodeURIComponent(name)}`;

export function useEventTypeText(name: string) {
  const posthorn = usePosthorn();
  return useQuery({
    queryKey: [...queryKeys.eventTypes.detail(posthorn, name), "text"],
    queryFn: async ({ signal }) => readType(await (await posthorn.raw(path(name), { signal })).text()),
  });
}

/** Enters an event type, or changes the one of this name. */
export function useSaveEventType(changed: string | undefined) {
  const posthorn = usePosthorn();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (draft: EventTypeDraft): Promise<EventType> => {
      const answer = await posthorn.raw(changed === undefined ? "/api/v1/event-types" : path(changed), {
        method: changed === undefined ? "POST" : "PUT",
        headers: { "content-type": "application/json" },
        body: bodyOf(draft, changed === undefined),
      });
      return answer.json();
    },
    onSettled: () => cache.invalidateQueries({ queryKey: queryKeys.eventTypes.all(posthorn) }),
  });
}
