/** Something that starts after the items that it needs. */
export interface DependentItem {
  readonly name: string;
  /** Names of other items. */
  readonly needs: readonly string[];
}

/**
 * Runs `work` for each item once the items that it needs are done, and in parallel otherwise. After a failure no further item starts; the first
 * error is thrown when the running items have ended.
 * @throws Error if an item needs an unknown item, or depends on itself
 */
export async function runInDependencyOrder<T extends DependentItem>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const done = new Map<string, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  for (const item of sortByDependencies(items)) {
    const runItem = async () => {
      await Promise.all(item.needs.map((name) => done.get(name)));
      if (failure !== undefined) {
        return;
      }
      try {
        await work(item);
      } catch (error) {
        failure ??= { error };
      }
    };
    done.set(item.name, runItem());
  }
  await Promise.all(done.values());
  if (failure !== undefined) {
    throw failure.error;
  }
}

/** Sorts items so that each comes after the items that it needs. Otherwise the order stays. */
export function sortByDependencies<T extends DependentItem>(items: readonly T[]): readonly T[] {
  const byName = new Map(items.map((item) => [item.name, item]));
  const result: T[] = [];
  const path: string[] = [];
  const visit = (item: T): void => {
    if (result.includes(item)) {
      return;
    }
    if (path.includes(item.name)) {
      throw new Error(`dependency cycle: ${[...path.slice(path.indexOf(item.name)), item.name].join(' → ')}`);
    }
    path.push(item.name);
    for (const name of item.needs) {
      const needed = byName.get(name);
      if (needed === undefined) {
        throw new Error(`${item.name} needs ${name}, which does not exist`);
      }
      visit(needed);
    }
    path.pop();
    result.push(item);
  };
  for (const item of items) {
    visit(item);
  }
  return result;
}
