import { discardDeadLetters, queryKeys } from "@posthorn/client";
import { usePosthorn } from "@posthorn/client/react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { DeadLettersSearch } from "./search.ts";
import { choiceOf, countOf, type Selection } from "./selection.ts";

/** So many ids fit into the address of a request with room to spare. */
const IDS_PER_REQUEST = 100;

/** Throws dead letters away, in as many requests as that takes, and tells how far it is. */
export function useDiscard() {
  const posthorn = usePosthorn();
  const cache = useQueryClient();
  const [progress, setProgress] = useState<{ done: number; total: number }>();
  const discard = async (selection: Selection, search: DeadLettersSearch): Promise<number> => {
    const total = countOf(selection);
    let done = 0;
    setProgress({ done, total });
    try {
      for (const choice of requestsOf(selection, search)) {
        // The api takes the oldest first, and tells how many it took: none are left when it took none.
        for (let taken = -1; taken !== 0; ) {
          taken = (await discardDeadLetters(posthorn, choice)).discarded;
          done += taken;
          setProgress({ done, total });
          if (selection.kind === "some") break;
        }
      }
      return done;
    } finally {
      setProgress(undefined);
      await cache.invalidateQueries({ queryKey: queryKeys.deadLetters.all(posthorn) });
    }
  };
  return { discard, progress };
}

type Choice = Parameters<typeof discardDeadLetters>[1];

export function requestsOf(selection: Selection, search: DeadLettersSearch): Choice[] {
  const { ids, all: _, ...rest } = choiceOf(selection, search);
  if (ids === undefined || ids === null) return [rest as Choice];
  const requests: Choice[] = [];
  for (let from = 0; from < ids.length; from += IDS_PER_REQUEST) {
    requests.push({ ids: ids.slice(from, from + IDS_PER_REQUEST).join(",") });
  }
  return requests;
}
