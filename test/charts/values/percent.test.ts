import { Percent } from '../../../charts/values/percent';

test.each([0, 0.5, 5, 100])('takes %d percent', (value) => {
  expect(Percent.of(value).value).toBe(value);
});

test.each([-1, 100.1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d, and names it', (value) => {
  expect(() => Percent.of(value)).toThrow(`'percent' (${value}) must be from 0 to 100`);
});

test.each([
  [0, 0],
  [0.005, 0.5],
  [0.07, 7],
  [1, 100],
])('makes of the fraction %d just %d percent', (fraction, percent) => {
  expect(Percent.ofFraction(fraction).value).toBe(percent);
});
