import { queryKeys } from "@posthorn/client";
import { usePosthorn } from "@posthorn/client/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { bodyOf, type Draft } from "./draft.ts";

/** What became of an event that was sent. */
export interface Sent {
  id: string;
  type: string;
  duplicate: boolean;
}

/** Publishes what is written, byte for byte. */
export function useSend() {
  const posthorn = usePosthorn();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (draft: Draft): Promise<Sent> => {
      const answer = await posthorn.raw("/api/v1/events", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: bodyOf(draft),
      });
      const { events }: { events: Sent[] } = await answer.json();
      const [sent] = events;
      if (sent === undefined) throw new Error("The answer names no event");
      return sent;
    },
    onSettled: () => cache.invalidateQueries({ queryKey: queryKeys.events.all(posthorn) }),
  });
}
