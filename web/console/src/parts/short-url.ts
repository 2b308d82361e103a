/** Most of a path that is shown. */
const PATH_CHARS_MAX = 28;

/** A URL as it is recognised at a glance: without scheme and query, its path cut in the middle. */
export function shortUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const { host, pathname } = new URL(url);
  const path = pathname === "/" ? "" : pathname;
  if (path.length <= PATH_CHARS_MAX) return host + path;
  const half = (PATH_CHARS_MAX - 2) / 2;
  return `${host}${path.slice(0, half)}…${path.slice(-half)}`;
}
