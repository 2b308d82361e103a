import { ApiProblem, type DeliveryDetail, queryKeys } from "@posthorn/client";
import { usePosthorn } from "@posthorn/client/react";
import { useQuery } from "@tanstack/react-query";
import { rawMember } from "../../../parts/raw-member.ts";

/** How often a delivery is asked for that has not settled, in milliseconds. */
const LIVE_MS = 1_500;

/** A delivery, and the body of its request as it was sent. */
export interface SentDelivery extends DeliveryDetail {
  /** Null where it is no longer known. */
  sentBody: string | null;
}

/** A delivery; live until it has settled. */
export function useSentDelivery(id: string) {
  const posthorn = usePosthorn();
  return useQuery({
    queryKey: [...queryKeys.deliveries.detail(posthorn, id), "as-sent"],
    queryFn: async ({ signal }) => {
      const answer = await posthorn.raw(`/api/v1/deliveries/${encodeURIComponent(id)}`, { signal });
      return readDelivery(await answer.text());
    },
    refetchInterval: ({ state }) => {
      const status = state.data?.status;
      return status === "pending" || status === "retrying" ? LIVE_MS : false;
    },
    retry: (failures, error) => failures < 2 && (!(error instanceof ApiProblem) || error.isTemporary),
  });
}

/** Reads the api's answer, keeping the text of the body. */
export function readDelivery(text: string): SentDelivery {
  const delivery: DeliveryDetail = JSON.parse(text);
  return { ...delivery, sentBody: sentBody(delivery, text) };
}

function sentBody(delivery: DeliveryDetail, text: string): string | null {
  const payload: unknown = delivery.request_payload;
  if (payload === null || payload === undefined) return null;
  // A body that is no JSON, or only the beginning of one, is told as a string. One that is a JSON string is not told apart
  // from it but by its type.
  const isJson = delivery.request_headers?.["content-type"]?.includes("json") ?? true;
  if (typeof payload === "string" && (!isJson || delivery.request_payload_truncated)) return payload;
  return rawMember(text, "request_payload") ?? null;
}
