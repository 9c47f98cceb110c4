import { wholeNumber } from '../../../charts/values/whole-number';

test.each([1, 2, 100])('takes %d', (value) => {
  expect(wholeNumber('threshold', value, 1)).toBe(value);
});

test.each([0, 1.5, -1, Number.NaN])('refuses %d, and names field and value', (value) => {
  expect(() => wholeNumber('threshold', value, 1)).toThrow(
    `'threshold' (${value}) must be a whole number of 1 or above`,
  );
});
