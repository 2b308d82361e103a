const DAY_MS = 86_400_000;

/** How long a new key works; "other" is a moment that somebody chooses. */
export const lifetimes = [
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In 1 year" },
  { value: "never", label: "Never" },
  { value: "other", label: "At a chosen moment" },
] as const;

export type Lifetime = (typeof lifetimes)[number]["value"];

/** When a key that is made `now` stops working; null is never. */
export function expiryOf(lifetime: Lifetime, until: string | undefined, now: Date): string | null {
  if (lifetime === "never") return null;
  if (lifetime === "other") return until ?? null;
  return new Date(now.getTime() + Number(lifetime) * DAY_MS).toISOString();
}

/** A key that ends within so many days should be replaced. */
const SOON_DAYS = 7;

/** How a key's end is to be told at `now`, in milliseconds. */
export function expiryState(expiresAt: string | null | undefined, now: number) {
  if (!expiresAt) return "never";
  const left = Date.parse(expiresAt) - now;
  if (left <= 0) return "expired";
  return left < SOON_DAYS * DAY_MS ? "soon" : "later";
}
