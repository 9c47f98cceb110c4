import { PodStarts } from '../../../lab/observe/pod-starts';

const measure = (
  ...counts: readonly (readonly [at: number, deployment: string, image: string, wanted: number, complete: boolean])[]
) => {
  const starts = new PodStarts();
  for (const [at, deployment, image, wanted, complete] of counts) {
    starts.observe({ at: at * 1000, deployment, image, wanted, complete });
  }
  return starts.starts();
};

test('pods of a new image start when the image is first observed, and end when all are ready', () => {
  expect(
    measure(
      [0, 'primary', 'a', 2, true],
      [10, 'primary', 'b', 2, false],
      [12, 'primary', 'b', 2, false],
      [17, 'primary', 'b', 2, true],
    ),
  ).toEqual([{ deployment: 'primary', image: 'b', seconds: 7 }]);
});

test('scaling up from zero starts new pods, whatever image they had before', () => {
  expect(
    measure(
      [0, 'canary', 'a', 0, true],
      [5, 'canary', 'b', 0, true],
      [10, 'canary', 'b', 2, false],
      [13, 'canary', 'b', 2, true],
    ),
  ).toEqual([{ deployment: 'canary', image: 'b', seconds: 3 }]);
});

test('pods that are temporarily not ready do not start again', () => {
  expect(measure([0, 'primary', 'a', 2, true], [9, 'primary', 'a', 2, false], [12, 'primary', 'a', 2, true])).toEqual(
    [],
  );
});

test('a status from before the change does not count as ready', () => {
  expect(measure([0, 'primary', 'a', 2, true], [10, 'primary', 'b', 2, true], [14, 'primary', 'b', 2, true])).toEqual([
    { deployment: 'primary', image: 'b', seconds: 4 },
  ]);
});
