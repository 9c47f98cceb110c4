import { requireWholeNumber } from '../../../charts/values/whole-number';

test.each([1, 2, 100])('accepts %d', (value) => {
  expect(requireWholeNumber('threshold', value, 1)).toBe(value);
});

test.each([0, 1.5, -1, Number.NaN])('rejects %d and names the field and the value', (value) => {
  expect(() => requireWholeNumber('threshold', value, 1)).toThrow(
    `'threshold' must be a whole number of at least 1, got: ${value}`,
  );
});
