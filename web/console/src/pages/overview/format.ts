/** A share from 0 to 100 as text, never rounded to a whole that it is not: 99.99 is not 100. */
export function percent(share: number | null): string {
  if (share === null) return "–";
  if (share === 0 || share === 100) return `${share} %`;
  const digits = share > 99 || share < 1 ? 2 : 1;
  const scale = 10 ** digits;
  const cut = Math.min(Math.max(Math.round(share * scale), 1), 100 * scale - 1) / scale;
  return `${cut} %`;
}

/** How many a minute: the smaller, the more digits. */
export function perMinute(rate: number): string {
  if (rate === 0) return "0";
  if (rate < 0.01) return "< 0.01";
  const digits = rate < 1 ? 2 : rate < 100 ? 1 : 0;
  return rate.toLocaleString("en", { maximumFractionDigits: digits });
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** A count, shortened where it is long: 12,345 is "12.3K". */
export function count(amount: number): string {
  return amount < 10_000 ? amount.toLocaleString("en") : compact.format(amount);
}
