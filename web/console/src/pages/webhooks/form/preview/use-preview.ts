import { useDebouncedValue } from "@mantine/hooks";
import { type Posthorn, queryKeys, type WebhookPreviewResult } from "@posthorn/client";
import { usePosthorn } from "@posthorn/client/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCatalogue } from "../../../event-types/catalogue.ts";
import { previewInputOf } from "../input.ts";
import { fieldErrors } from "../problems.ts";
import { validate } from "../validate.ts";
import type { WebhookValues } from "../values.ts";
import { askedEvent, type Sample } from "./sample.ts";
import { unwritten } from "./words.ts";

/** Typing is over when nothing was typed for so long, in milliseconds. */
const TYPING_MS = 400;

/** What would be sent for a sample by the webhook as it stands in the form, asked anew when typing pauses. */
export function usePreview(values: WebhookValues, sample: Sample) {
  const posthorn = usePosthorn();
  const catalogue = useCatalogue() ?? [];
  const asked = askedEvent(sample, values.event_types, catalogue);
  const missing = "missing" in asked ? asked.missing : unfinished(values);
  // As text, so that what is the same again is not asked again.
  const wanted =
    "member" in asked && missing === undefined
      ? `{"webhook":${JSON.stringify(previewInputOf(values))},${asked.member}}`
      : undefined;
  const [body] = useDebouncedValue(wanted, TYPING_MS);
  const { data, error, isFetching } = useQuery({
    queryKey: [...queryKeys.all(posthorn), "preview", body],
    queryFn: ({ signal }) => askPreview(posthorn, body ?? "", signal),
    enabled: body !== undefined && missing === undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const result = missing === undefined && error === null ? data : undefined;
  return {
    catalogue,
    missing,
    result,
    problem: missing === undefined ? error : null,
    isOld: body !== wanted || isFetching,
    /** What the api says of the settings, beside the fields that it is about. */
    fields: error ? fieldErrors(error, values).errors : result ? unwritten(result) : {},
  };
}

/** Asks with text, not with an object: numbers of a sample may have more digits than an object's keep. */
async function askPreview(
  posthorn: Posthorn,
  body: string,
  signal: AbortSignal,
): Promise<WebhookPreviewResult> {
  const headers = { "content-type": "application/json" };
  const answer = await posthorn.raw("/api/v1/webhooks/preview", { method: "POST", headers, body, signal });
  return answer.json();
}

/** What must be filled in before anything can be sent; it is not worth asking the api. */
function unfinished(values: WebhookValues): string | undefined {
  const mistakes = validate({
    ...values,
    name: "preview",
    url: "https://example.com/",
    retry_mode: "backoff",
  });
  if (values.event_types.length === 0) delete mistakes.event_types;
  return Object.values(mistakes)[0];
}

export type Preview = ReturnType<typeof usePreview>;
