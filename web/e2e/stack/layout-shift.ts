import type { Page } from "@playwright/test";

interface Shift extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  sources: { node?: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
}

export interface LayoutShift {
  /** The Cumulative Layout Shift: the worst of the bursts, as Web Vitals count it. */
  score: number;
  /** What moved, and from where to where. */
  moved: string[];
}

/** How far what was painted already has moved since the page was loaded, other than by what its user did. */
export function layoutShift(page: Page): Promise<LayoutShift> {
  return page.evaluate(async () => {
    const shifts = await new Promise<Shift[]>((resolve) => {
      const seen: Shift[] = [];
      const observer = new PerformanceObserver((list) => seen.push(...(list.getEntries() as Shift[])));
      observer.observe({ type: "layout-shift", buffered: true });
      // What was painted is reported by the second frame from now.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          seen.push(...(observer.takeRecords() as Shift[]));
          observer.disconnect();
          resolve(seen.filter((shift) => !shift.hadRecentInput));
        }),
      );
    });
    let [score, burst, first, last] = [0, 0, 0, 0];
    for (const { startTime, value } of shifts) {
      // A burst ends with a pause of a second, or after five.
      if (burst > 0 && startTime - last < 1_000 && startTime - first < 5_000) burst += value;
      else [burst, first] = [value, startTime];
      last = startTime;
      score = Math.max(score, burst);
    }
    const rect = ({ x, y, width, height }: DOMRectReadOnly) =>
      [x, y, width, height].map(Math.round).join(" ");
    const moved = shifts.flatMap(({ value, sources }) =>
      sources.map(({ node, previousRect, currentRect }) => {
        const element = node instanceof Element ? node : node?.parentElement;
        const what = `${element?.className} “${element?.textContent?.slice(0, 30)}”`;
        return `${value.toFixed(3)}: ${what}: ${rect(previousRect)} → ${rect(currentRect)}`;
      }),
    );
    return { score, moved };
  });
}
