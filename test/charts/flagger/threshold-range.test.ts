import { ThresholdRange } from '../../../charts/flagger/threshold-range';

test('has one bound, which may be zero', () => {
  expect(ThresholdRange.max(0).range).toEqual({ max: 0 });
  expect(ThresholdRange.min(99.5).range).toEqual({ min: 99.5 });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('rejects %d, which every value or none would pass', (value) => {
  expect(() => ThresholdRange.max(value)).toThrow(`'thresholdRange.max' must be a finite number, got: ${value}`);
  expect(() => ThresholdRange.min(value)).toThrow(`'thresholdRange.min' must be a finite number, got: ${value}`);
});
