import { StepWeights } from '../../../charts/flagger/step-weights';

test.each([[[1]], [[100]], [[5, 10, 25, 50]]])('takes %j', (weights) => {
  expect(StepWeights.of(...weights).weights).toEqual(weights);
});

test.each([
  ['none', []],
  ['nothing of the traffic', [0, 5]],
  ['more than all of it', [50, 101]],
  ['half a percent', [0.5]],
  ['a step back', [50, 10]],
  ['the same twice', [5, 5]],
  ['no number', [Number.NaN]],
])('refuses %s, and names what it was given', (_, weights) => {
  expect(() => StepWeights.of(...weights)).toThrow(`'stepWeights' (${weights.join(', ')}) must be whole percents`);
});
