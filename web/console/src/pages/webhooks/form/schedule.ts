const UNITS: Record<string, number> = {
  s: 1,
  sec: 1,
  m: 60,
  min: 60,
  h: 3_600,
  hr: 3_600,
  d: 86_400,
};
const PART = /(\d+)\s*([a-z]*)/giy;

/** Delays that somebody wrote, such as "10 s, 5 min, 1 h 30 min", in seconds; or what is wrong with them. */
export function parseSchedule(text: string): { seconds: number[] } | { mistake: string } {
  const steps = text
    .split(/[,;\n]+/)
    .map((step) => step.trim())
    .filter(Boolean);
  const seconds: number[] = [];
  for (const step of steps) {
    const count = parseStep(step);
    if (count === undefined)
      return { mistake: `“${step}” is no delay: write such as 30 s, 5 min, 1 h or 2 d` };
    seconds.push(count);
  }
  return { seconds };
}

/** One delay of one or more parts; a number alone is in seconds. */
function parseStep(step: string): number | undefined {
  let total = 0;
  let end = 0;
  PART.lastIndex = 0;
  for (let match = PART.exec(step); match !== null; match = PART.exec(step)) {
    const unit = UNITS[(match[2] ?? "").toLowerCase() || "s"];
    if (unit === undefined) return undefined;
    total += Number(match[1]) * unit;
    end = PART.lastIndex;
    while (step[end] === " ") end += 1;
    PART.lastIndex = end;
  }
  return end === step.length && end > 0 ? total : undefined;
}

/** Delays as somebody would write them; read again, they are the same. */
export function scheduleText(seconds: readonly number[]): string {
  return seconds.map(stepText).join(", ");
}

function stepText(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const told = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`);
  return told.length === 0 ? "0 s" : told.join(" ");
}
