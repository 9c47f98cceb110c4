import fc from 'fast-check';
import { inOrder, sorted } from '../../../lab/run/dependency-order';

const item = (name: string, ...needs: readonly string[]) => ({ name, needs });

test('nothing begins before all it needs is done', async () => {
  const arbitrary = fc
    .integer({ min: 1, max: 8 })
    .chain((size) =>
      fc.array(fc.array(fc.nat({ max: size - 1 }), { maxLength: 3 }), { minLength: size, maxLength: size }),
    );
  await fc.assert(
    fc.asyncProperty(arbitrary, async (needs) => {
      // A part needs only earlier ones, so that there is an order; they are given in reverse, so that it has to be found.
      const items = needs
        .map((of, index) => item(`${index}`, ...new Set(of.filter((other) => other < index).map(String))))
        .reverse();
      const done = new Set<string>();
      await inOrder(items, async ({ name, needs: own }) => {
        expect(own.every((needed) => done.has(needed))).toBe(true);
        await Promise.resolve();
        done.add(name);
      });
      expect(done.size).toBe(items.length);
    }),
  );
});

test('what does not need each other runs at the same time', async () => {
  let running = 0;
  let most = 0;
  await inOrder([item('a'), item('b'), item('c', 'a', 'b')], async () => {
    running++;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
  });
  expect(most).toBe(2);
});

test('after a failure nothing new begins, and the failure is told when the rest has ended', async () => {
  const begun: string[] = [];
  let ended = false;
  const run = inOrder([item('slow'), item('bad'), item('after', 'bad'), item('later', 'slow')], async ({ name }) => {
    begun.push(name);
    if (name === 'bad') {
      throw new Error('no');
    }
    if (name === 'slow') {
      await new Promise((resolve) => setTimeout(resolve, 10));
      ended = true;
    }
  });
  await expect(run).rejects.toThrow('no');
  expect(ended).toBe(true);
  expect(begun).toEqual(['slow', 'bad']);
});

test.each([
  ['a circle', [item('a', 'b'), item('b', 'c'), item('c', 'b')], 'these need each other: b → c → b'],
  ['a missing part', [item('a', 'ghost')], 'a needs ghost, which is not there'],
])('%s is an error that names it', (_, items, message) => {
  expect(() => sorted(items)).toThrow(message);
});
