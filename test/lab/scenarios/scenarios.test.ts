import { scenarios } from '../../../lab/scenarios';
import { isWithin } from '../../../lab/scenarios/good-release';
import { isOwnRefusal } from '../../../lab/scenarios/policy-violations';

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

const ours =
  "deployments.apps \"intruder\" is forbidden: ValidatingAdmissionPolicy 'bowline-lab' with binding 'bowline-lab' denied request: containers run without root";

test.each([
  ['ours', ours, 'containers run without root', true],
  ['ours, for another reason', ours, 'images come from', false],
  ['that of pod security', 'pods "intruder" is forbidden: violates PodSecurity "restricted:latest"', 'root', false],
  ['none', undefined, 'root', false],
])('a refusal counts when it is of our policy and says why: %s', (_, message, because, expected) => {
  expect(isOwnRefusal(message, 'lab', because)).toBe(expected);
});
