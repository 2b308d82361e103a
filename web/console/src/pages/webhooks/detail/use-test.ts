import type { WebhookTestResult } from "@posthorn/client";
import { usePosthorn } from "@posthorn/client/react";
import { useMutation } from "@tanstack/react-query";

/** Sends a test, with its data as it was written: through values, long numbers would be rounded. */
export function useTest(webhook: string) {
  const posthorn = usePosthorn();
  return useMutation({
    mutationFn: async (test: { type: string; data: string }): Promise<WebhookTestResult> => {
      const answer = await posthorn.raw(`/api/v1/webhooks/${encodeURIComponent(webhook)}/test`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: `{"event_type":${JSON.stringify(test.type)},"data":${test.data}}`,
      });
      return answer.json();
    },
  });
}
