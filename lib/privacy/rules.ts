/** Ids that belong to others must not leave with somebody's data: a payload of the log may name anybody. */
const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The same without every id that is not among the known ones. */
export function withoutOthers(value: unknown, known: ReadonlySet<string>): unknown {
  const isOthers = (entry: unknown) => typeof entry === 'string' && idShape.test(entry) && !known.has(entry);
  if (isOthers(value)) return undefined;
  if (Array.isArray(value)) {
    return value.filter((entry) => !isOthers(entry)).map((entry) => withoutOthers(entry, known));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, entry]) => !isOthers(key) && !isOthers(entry))
      .map(([key, entry]) => [key, withoutOthers(entry, known)]),
  );
}

/**
 * Numbers things as they come, from 1: which browser or network was the same one can be told without the hash that is
 * kept of it, and which others' evidence may share.
 */
export function createNumbering(): (thing: string | null) => number | null {
  const numbers = new Map<string, number>();
  return (thing) => {
    if (thing === null) return null;
    const number = numbers.get(thing) ?? numbers.size + 1;
    numbers.set(thing, number);
    return number;
  };
}
