import { type EventWithData, queryKeys } from "@posthorn/client";
import { usePosthorn } from "@posthorn/client/react";
import { useQuery } from "@tanstack/react-query";
import { rawMember } from "../../parts/raw-member.ts";

/** An event, and its data as the text that was published: read into values, long numbers would be rounded. */
export function useEventText(id: string | undefined) {
  const posthorn = usePosthorn();
  return useQuery({
    queryKey: [...queryKeys.events.detail(posthorn, id ?? ""), "text"],
    queryFn: async ({ signal }) => {
      const answer = await posthorn.raw(`/api/v1/events/${encodeURIComponent(id ?? "")}`, { signal });
      const text = await answer.text();
      const event: EventWithData = JSON.parse(text);
      return { event, data: rawMember(text, "data") ?? "null" };
    },
    enabled: id !== undefined,
    // An event never changes, but for its erasure.
    staleTime: Number.POSITIVE_INFINITY,
  });
}
