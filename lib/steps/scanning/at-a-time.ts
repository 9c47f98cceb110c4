/**
 * Does the work for each item, at most `parallel` at a time.
 * @returns the results in the order of the items
 */
export async function atATime<Item, Result>(
  parallel: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const takeAll = async () => {
    for (const [index, item] of queue) {
      results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: parallel }, takeAll));
  return results;
}
