import fc from 'fast-check';
import { parseObjects } from '../../../../charts/rules';

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n';
const read = (text: string) => parseObjects('x.yaml', `${head}${text}`).objects[0]?.get('spec');

test.each([
  ['spec: yes', true],
  ['spec: Off', false],
  ['spec: 062', 50],
  ['spec: 0x10', 16],
  ['spec: "yes"', 'yes'],
  ['spec: 1:30', '1:30'],
  ['spec: 2026-11-30', '2026-11-30'],
  ['spec: 30s', '30s'],
  ['spec: .', '.'],
  ['spec: -.', '-.'],
  ['spec: e5', 'e5'],
  ['spec: .e5', '.e5'],
  ['spec: 1e3', 1000],
  ['spec: 1.5e3', 1500],
  ['spec: .5', 0.5],
  ['spec: 5.', 5],
  ['spec: -1.25', -1.25],
  ['spec: .inf', Number.POSITIVE_INFINITY],
  ['spec: 1.2.3', '1.2.3'],
  ['spec: 0755x', '0755x'],
  ['spec: ~', null],
  ['base: &b { a: 1, b: 2 }\nspec:\n  <<: *b\n  b: 3', { a: 1, b: 3 }],
  ['base: &b { a: 1 }\nother: &o { c: 2 }\nspec:\n  <<: [*b, *o]', { a: 1, c: 2 }],
])('%j is read as Kubernetes reads it', (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test.each([
  ['a key twice', 'spec:\n  a: 1\n  a: 2\n', 6, /the key a is here and in line 5/],
  ['a key twice in a list', 'spec:\n  - { a: 1, a: 2 }\n', 5, /the key a is here and in line 5/],
  ['an alias of a map around it', 'spec: &s\n  a: { b: [*s] }\n', 5, /\*s contains itself/],
  ['an alias of a list around it', 'spec: &s\n  - *s\n', 5, /\*s contains itself/],
  ['a merge of itself', 'spec: &s\n  <<: *s\n', 5, /\*s contains itself/],
  ['an alias of nothing', 'spec: *s\n', 4, /\*s|alias/],
])('%s is an error with its line', (_, text, line, reason) => {
  const { objects, unreadable } = parseObjects('x.yaml', `${head}${text}`);
  expect(objects).toEqual([]);
  expect(unreadable).toEqual([
    { file: 'x.yaml', place: { line, column: expect.any(Number) }, reason: expect.stringMatching(reason) },
  ]);
});

test('a document that is nested too deeply is an error', () => {
  const { unreadable } = parseObjects('x.yaml', `${head}spec: ${'['.repeat(50_000)}`);
  expect(unreadable).toHaveLength(1);
});

test('no text makes the parser fail', () => {
  const piece = fc.constantFrom(
    'a: ',
    '- ',
    '&m ',
    '*m',
    '\n',
    '  ',
    '{',
    '}',
    '[',
    ']',
    '<<: ',
    '? ',
    '|\n',
    '---\n',
    "'",
    '"',
    '!!set ',
    'yes',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      parseObjects('x.yaml', pieces.join(''));
    }),
    { numRuns: 500 },
  );
});
