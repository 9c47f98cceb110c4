import { PodStarts } from '../../../lab/observe/pod-starts';

const seen = (
  ...counts: readonly (readonly [at: number, deployment: string, image: string, wanted: number, complete: boolean])[]
) => {
  const starts = new PodStarts();
  for (const [at, deployment, image, wanted, complete] of counts) {
    starts.see({ at: at * 1000, deployment, image, wanted, complete });
  }
  return starts.starts();
};

test('pods of a new image take from its first sight until all are ready', () => {
  expect(
    seen(
      [0, 'primary', 'a', 2, true],
      [10, 'primary', 'b', 2, false],
      [12, 'primary', 'b', 2, false],
      [17, 'primary', 'b', 2, true],
    ),
  ).toEqual([{ deployment: 'primary', image: 'b', seconds: 7 }]);
});

test('a Deployment that is scaled up from nothing starts its pods then, whatever image it has had before', () => {
  expect(
    seen(
      [0, 'canary', 'a', 0, true],
      [5, 'canary', 'b', 0, true],
      [10, 'canary', 'b', 2, false],
      [13, 'canary', 'b', 2, true],
    ),
  ).toEqual([{ deployment: 'canary', image: 'b', seconds: 3 }]);
});

test('pods that are not ready for a moment later on do not start anew', () => {
  expect(seen([0, 'primary', 'a', 2, true], [9, 'primary', 'a', 2, false], [12, 'primary', 'a', 2, true])).toEqual([]);
});

test('what a status said before it knew of the change is no readiness', () => {
  expect(seen([0, 'primary', 'a', 2, true], [10, 'primary', 'b', 2, true], [14, 'primary', 'b', 2, true])).toEqual([
    { deployment: 'primary', image: 'b', seconds: 4 },
  ]);
});
