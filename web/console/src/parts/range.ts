import dayjs from "dayjs";

/** A stretch of time, as RFC 3339; an end that is absent is open. */
export interface Range {
  since?: string | undefined;
  until?: string | undefined;
}

const PICKER = "YYYY-MM-DD HH:mm:ss";

/** A moment as the date picker holds it: in the reader's time zone. */
export function toPicker(moment: string | undefined): string | null {
  return moment === undefined ? null : dayjs(moment).format(PICKER);
}

/** What the date picker holds, as a moment. */
export function fromPicker(value: string | null): string | undefined {
  return value === null || value === "" ? undefined : dayjs(value).toISOString();
}

/** A range in few words. */
export function rangeLabel({ since, until }: Range): string {
  if (since === undefined) return until === undefined ? "Any time" : `Until ${short(until)}`;
  return until === undefined ? `Since ${short(since)}` : `${short(since)} – ${short(until)}`;
}

function short(moment: string): string {
  return dayjs(moment).format("D MMM, HH:mm");
}
