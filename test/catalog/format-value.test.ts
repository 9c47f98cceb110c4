import { formatValue } from '../../lib/catalog/parse/format-value';

test.each([
  ['short', '"short"'],
  ['x'.repeat(58), `"${'x'.repeat(58)}"`],
  ['x'.repeat(59), `"${'x'.repeat(55)}..."`],
  [{ list: ['x'.repeat(60)] }, `{"list":["${'x'.repeat(47)}...`],
  [undefined, 'undefined'],
])('%j is shown with at most 60 characters, a string with its closing quote', (value, shown) => {
  expect(formatValue(value)).toBe(shown);
  expect(shown.length).toBeLessThanOrEqual(60);
});
