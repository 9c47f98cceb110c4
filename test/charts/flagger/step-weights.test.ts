import { StepWeights } from '../../../charts/flagger/step-weights';

test.each([[[1]], [[100]], [[5, 10, 25, 50]]])('accepts %j', (weights) => {
  expect(StepWeights.of(...weights).weights).toEqual(weights);
});

test.each([
  ['an empty list', []],
  ['a weight of zero', [0, 5]],
  ['a weight over 100', [50, 101]],
  ['a fraction', [0.5]],
  ['a decreasing weight', [50, 10]],
  ['a repeated weight', [5, 5]],
  ['NaN', [Number.NaN]],
])('rejects %s and names the weights', (_, weights) => {
  expect(() => StepWeights.of(...weights)).toThrow(
    `each greater than the one before, got: ${weights.join(', ') || 'none'}`,
  );
});
