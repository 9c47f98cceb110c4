import fc from 'fast-check';
import { listPaths } from '../../../lib/gate';

test('names ten paths and counts the others', () => {
  const paths = Array.from({ length: 12 }, (_, index) => `p${index}`);
  expect(listPaths(paths.slice(0, 10))).toBe('p0, p1, p2, p3, p4, p5, p6, p7, p8, p9');
  expect(listPaths(paths)).toBe('p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more');
});

test('escapes what is no text', () => {
  expect(listPaths(['manifests/dév/ä b.yaml', 'a\u202eb', 'c\u001b]0;x\u0007\n'])).toBe(
    'manifests/dév/ä b.yaml, a\\u{202e}b, c\\u{1b}]0;x\\u{7}\\u{a}',
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(listPaths([name])).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
    }),
  );
});
