/**
 * Runs `work` for each item as soon as everything it needs is done, in parallel where the needs allow. After a failure nothing new
 * begins, and the first error is thrown when what runs has ended.
 * @throws Error when an item needs one that isn't there, or needs itself by way of others
 */
export async function inOrder<T extends { readonly name: string; readonly needs: readonly string[] }>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const order = sorted(items);
  const done = new Map<string, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  for (const item of order) {
    const needs = item.needs.map((name) => done.get(name));
    done.set(
      item.name,
      Promise.all(needs).then(async () => {
        if (failure !== undefined) {
          return;
        }
        try {
          await work(item);
        } catch (error) {
          failure ??= { error };
        }
      }),
    );
  }
  await Promise.all(done.values());
  if (failure !== undefined) {
    throw failure.error;
  }
}

/** The items so that each comes after what it needs; among equals in the order given. */
export function sorted<T extends { readonly name: string; readonly needs: readonly string[] }>(
  items: readonly T[],
): readonly T[] {
  const byName = new Map(items.map((item) => [item.name, item]));
  const result: T[] = [];
  const visiting: string[] = [];
  const visit = (item: T): void => {
    if (result.includes(item)) {
      return;
    }
    if (visiting.includes(item.name)) {
      throw new Error(
        `these need each other: ${[...visiting.slice(visiting.indexOf(item.name)), item.name].join(' → ')}`,
      );
    }
    visiting.push(item.name);
    for (const name of item.needs) {
      const needed = byName.get(name);
      if (needed === undefined) {
        throw new Error(`${item.name} needs ${name}, which is not there`);
      }
      visit(needed);
    }
    visiting.pop();
    result.push(item);
  };
  for (const item of items) {
    visit(item);
  }
  return result;
}
