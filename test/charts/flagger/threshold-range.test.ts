import { ThresholdRange } from '../../../charts/flagger/threshold-range';

test('has one bound, and zero is one', () => {
  expect(ThresholdRange.max(0).range).toEqual({ max: 0 });
  expect(ThresholdRange.min(99.5).range).toEqual({ min: 99.5 });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d, which every value or none would pass', (value) => {
  expect(() => ThresholdRange.max(value)).toThrow(`'thresholdRange.max' (${value}) must be a number`);
  expect(() => ThresholdRange.min(value)).toThrow(`'thresholdRange.min' (${value}) must be a number`);
});
