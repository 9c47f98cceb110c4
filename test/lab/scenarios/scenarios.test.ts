import { scenarios } from '../../../lab/scenarios';
import { isWithin } from '../../../lab/scenarios/good-release';

test('scenarios are numbered from 1 on, each with a name of its own', () => {
  expect(scenarios.map(({ number }) => number)).toEqual(scenarios.map((_, index) => index + 1));
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});

test('the first alone begins with an empty cluster', () => {
  expect(scenarios.filter(({ beginsEmpty }) => beginsEmpty).map(({ number }) => number)).toEqual([1]);
});

test.each([
  ['all steps', [0, 5, 10, 25, 50, 0], true],
  ['a step left out', [0, 5, 25, 50, 0], false],
  ['steps in another order', [10, 5, 25, 50], false],
  ['none', [], false],
])('a rollout by its steps: %s', (_, seen, expected) => {
  expect(isWithin([5, 10, 25, 50], seen)).toBe(expected);
});
