import { type DeadLetterDetail, queryKeys } from "@posthorn/client";
import { usePosthorn } from "@posthorn/client/react";
import { useQuery } from "@tanstack/react-query";
import { rawMember } from "../../parts/raw-member.ts";

/** A dead letter, and its payload as text: read into values, long numbers would be rounded. */
export function useLetterText(id: string) {
  const posthorn = usePosthorn();
  return useQuery({
    queryKey: [...queryKeys.deadLetters.detail(posthorn, id), "text"],
    queryFn: async ({ signal }) => {
      const answer = await posthorn.raw(`/api/v1/dead-letters/${encodeURIComponent(id)}`, { signal });
      return readLetter(await answer.text());
    },
  });
}

/** Reads the api's answer; the text is undefined where the payload is not kept any more. */
export function readLetter(answer: string): { letter: DeadLetterDetail; text: string | undefined } {
  const letter: DeadLetterDetail = JSON.parse(answer);
  switch (letter.payload_encoding) {
    case "json":
      return { letter, text: rawMember(answer, "payload") };
    case "text":
    case "base64":
      return { letter, text: String(letter.payload) };
    default:
      return { letter, text: undefined };
  }
}
