import dayjs from "dayjs";
import type { OverviewRange } from "./search.ts";
import type { Point } from "./series.ts";

/** A point's place on the axis: the time of day, or the day. */
export function axisLabel(start: number, range: OverviewRange): string {
  return dayjs(start).format(range === "1h" || range === "24h" ? "HH:mm" : "D MMM");
}

/** From when to when a point reaches. A whole day is one of UTC: that is how days are counted. */
export function spanLabel({ start, end }: Pick<Point, "start" | "end">, range: OverviewRange): string {
  if (range === "30d") return `${utcDay.format(start)} (UTC)`;
  return `${dayjs(start).format("D MMM, HH:mm")} – ${dayjs(end).format("HH:mm")}`;
}

const utcDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
