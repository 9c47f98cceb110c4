import fc from 'fast-check';
import { runInDependencyOrder, sortByDependencies } from '../../../lab/run/dependency-order';

const item = (name: string, ...needs: readonly string[]) => ({ name, needs });

test('an item starts only when the items that it needs are done', async () => {
  const arbitrary = fc
    .integer({ min: 1, max: 8 })
    .chain((size) =>
      fc.array(fc.array(fc.nat({ max: size - 1 }), { maxLength: 3 }), { minLength: size, maxLength: size }),
    );
  await fc.assert(
    fc.asyncProperty(arbitrary, async (needs) => {
      // Items need only earlier items, so an order exists. The input is in reverse, so that it must be found.
      const items = needs
        .map((indexes, index) => item(`${index}`, ...new Set(indexes.filter((other) => other < index).map(String))))
        .reverse();
      const done = new Set<string>();
      await runInDependencyOrder(items, async ({ name, needs: own }) => {
        expect(own.every((needed) => done.has(needed))).toBe(true);
        await Promise.resolve();
        done.add(name);
      });
      expect(done.size).toBe(items.length);
    }),
  );
});

test('independent items run in parallel', async () => {
  let running = 0;
  let maximum = 0;
  await runInDependencyOrder([item('a'), item('b'), item('c', 'a', 'b')], async () => {
    running++;
    maximum = Math.max(maximum, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
  });
  expect(maximum).toBe(2);
});

test('after a failure no item starts, and the error is thrown when the running items have ended', async () => {
  const started: string[] = [];
  let ended = false;
  const run = runInDependencyOrder(
    [item('slow'), item('bad'), item('after', 'bad'), item('later', 'slow')],
    async ({ name }) => {
      started.push(name);
      if (name === 'bad') {
        throw new Error('no');
      }
      if (name === 'slow') {
        await new Promise((resolve) => setTimeout(resolve, 10));
        ended = true;
      }
    },
  );
  await expect(run).rejects.toThrow('no');
  expect(ended).toBe(true);
  expect(started).toEqual(['slow', 'bad']);
});

test.each([
  ['a cycle', [item('a', 'b'), item('b', 'c'), item('c', 'b')], 'dependency cycle: b → c → b'],
  ['an unknown item', [item('a', 'ghost')], 'a needs ghost, which does not exist'],
])('%s is an error with its names', (_, items, message) => {
  expect(() => sortByDependencies(items)).toThrow(message);
});
