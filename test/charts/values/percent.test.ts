import { Percent } from '../../../charts/values/percent';

test.each([0, 0.5, 5, 100])('accepts %d percent', (value) => {
  expect(Percent.of(value).value).toBe(value);
});

test.each([-1, 100.1, Number.NaN, Number.POSITIVE_INFINITY])('rejects %d and names it', (value) => {
  expect(() => Percent.of(value)).toThrow(`'percent' must be from 0 to 100, got: ${value}`);
});

test.each([
  [0, 0],
  [0.005, 0.5],
  [0.07, 7],
  [1, 100],
])('converts the fraction %d to exactly %d percent', (fraction, percent) => {
  expect(Percent.ofFraction(fraction).value).toBe(percent);
});
