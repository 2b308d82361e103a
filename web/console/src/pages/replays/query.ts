import { listReplays, queryKeys, type Replay } from "@posthorn/client";
import { usePosthorn } from "@posthorn/client/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { isMoving } from "../../parts/replay-words.ts";

/** How often the list is asked for while something in it moves, and while nothing does, in milliseconds. */
const MOVING_MS = 1_500;
const RESTING_MS = 5_000;

/** The replays of the tenant or of one of its webhooks, newest first, live. */
export function useReplayPages(limit: number, webhook_id?: string) {
  const posthorn = usePosthorn();
  return useInfiniteQuery({
    queryKey: [...queryKeys.replays.list(posthorn, { limit, webhook_id }), "pages"],
    queryFn: ({ signal, pageParam }) =>
      listReplays(posthorn, { limit, webhook_id, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ replays }) => replays.some((replay: Replay) => isMoving(replay)))
        ? MOVING_MS
        : RESTING_MS,
  });
}
