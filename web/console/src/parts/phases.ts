import type { Timings } from "@posthorn/client";

/** A part of the time of a request. */
export interface Phase {
  name: string;
  milliseconds: number;
  color: string;
}

const named = [
  { key: "dns_ms", name: "DNS", color: "var(--mantine-color-cyan-6)" },
  { key: "connect_ms", name: "Connect", color: "var(--mantine-color-indigo-5)" },
  { key: "tls_ms", name: "TLS", color: "var(--mantine-color-grape-5)" },
  { key: "first_byte_ms", name: "First byte", color: "var(--mantine-color-orange-6)" },
] as const;

/** What is left of the total is worth telling from so many milliseconds on. */
const REST_MS_MIN = 1;

/** The parts of a request's time in their order. What no part has is the body of the answer, or the wait for none. */
export function phasesOf(timings: Timings, totalMs: number | null | undefined, hasAnswer: boolean): Phase[] {
  const phases: Phase[] = named.flatMap(({ key, name, color }) => {
    const milliseconds = timings[key];
    return milliseconds === null || milliseconds === undefined ? [] : [{ name, milliseconds, color }];
  });
  const told = phases.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rest = (totalMs ?? 0) - told;
  if (rest >= REST_MS_MIN) {
    phases.push({
      name: hasAnswer ? "Body" : "Waited in vain",
      milliseconds: rest,
      color: "var(--mantine-color-gray-6)",
    });
  }
  return phases;
}
