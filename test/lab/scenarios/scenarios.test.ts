import { scenarios } from '../../../lab/scenarios';
import { containsInOrder } from '../../../lab/scenarios/good-release';
import { isDeniedByPolicy } from '../../../lab/scenarios/policy-violations';

test('scenarios have consecutive numbers from 1, and unique names', () => {
  expect(scenarios.map(({ number }) => number)).toEqual(scenarios.map((_, index) => index + 1));
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});

test('only the first scenario starts from an empty cluster', () => {
  expect(scenarios.filter(({ startsEmpty }) => startsEmpty).map(({ number }) => number)).toEqual([1]);
});

test.each([
  ['all steps', [0, 5, 10, 25, 50, 0], true],
  ['a missing step', [0, 5, 25, 50, 0], false],
  ['steps in another order', [10, 5, 25, 50], false],
  ['none', [], false],
])('whether the weights contain the steps: %s', (_, weights, expected) => {
  expect(containsInOrder(weights, [5, 10, 25, 50])).toBe(expected);
});

const denial =
  "deployments.apps \"intruder\" is forbidden: ValidatingAdmissionPolicy 'bowline-lab' with binding 'bowline-lab' denied request: containers must not run as root";

test.each([
  ['by the policy', denial, 'containers must not run as root', true],
  ['by the policy, for another reason', denial, 'images must come from', false],
  [
    'by Pod Security Standards',
    'pods "intruder" is forbidden: violates PodSecurity "restricted:latest"',
    'root',
    false,
  ],
  ['none', undefined, 'root', false],
])(
  'a denial counts if it is from the policy of the environment and has the reason: %s',
  (_, message, reason, expected) => {
    expect(isDeniedByPolicy(message, 'lab', reason)).toBe(expected);
  },
);
