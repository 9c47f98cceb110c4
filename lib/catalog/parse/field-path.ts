/** The way from the root of a file to a field: keys, and places in lists. */
export type Path = readonly PropertyKey[];

/** What stands at a path, if anything does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === 'object' ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** Whether a path is `above` or leads through it. */
export function isAtOrBelow(path: Path, above: Path): boolean {
  return above.length <= path.length && above.every((key, index) => String(key) === String(path[index]));
}
