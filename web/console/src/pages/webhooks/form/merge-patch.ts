/**
 * What must be said to make `after` of `before` (RFC 7396): undefined where nothing must. Lists are replaced, objects are
 * merged, and null takes a member away. A member that is undefined counts as left out: nothing is said of it.
 */
export function mergePatch<T extends object>(before: T, after: T): Partial<T> | undefined {
  const patch: Record<string, unknown> = {};
  const [old, wanted] = [before as Record<string, unknown>, after as Record<string, unknown>];
  for (const name of Object.keys(wanted)) {
    const [from, to] = [old[name], wanted[name]];
    if (to === undefined) continue;
    if (isObject(from) && isObject(to)) {
      const inner = mergePatch(from, to);
      if (inner !== undefined) patch[name] = inner;
    } else if (JSON.stringify(from) !== JSON.stringify(to)) {
      patch[name] = to;
    }
  }
  for (const name of Object.keys(old)) {
    if (!(name in wanted) && old[name] !== undefined) patch[name] = null;
  }
  return Object.keys(patch).length === 0 ? undefined : (patch as Partial<T>);
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
