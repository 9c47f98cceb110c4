import fc from 'fast-check';
import { printable, printableLines } from '../../lib/cli/printable';
import { table } from '../../lib/cli/terminal';

const anyText = fc.string({ unit: 'binary' });
const esc = '\u001b';

test('no text of one line has a control character or changes the direction of text', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069\u200e\u200f\u061c]/u);
    }),
  );
});

test('text without control characters stays as it is', () => {
  for (const text of ['shop: passed', 'Grüße, 世界', 'a "quoted" \\ path', '✓ Build']) {
    expect(printable(text)).toBe(text);
    expect(printableLines(text)).toBe(text);
  }
});

test.each([
  [`${esc}]0;title\u0007`, '\\u001b]0;title\\u0007'],
  [`${esc}[2J${esc}[1;1Hpassed`, '\\u001b[2J\\u001b[1;1Hpassed'],
  ['a\rb', 'a\\u000db'],
  ['\u202edessap', '\\u202edessap'],
  ['\u009b2J', '\\u009b2J'],
])('%j is shown as %s', (text, shown) => {
  expect(printable(text)).toBe(shown);
  expect(printableLines(text)).toBe(shown);
});

test('messages keep their lines and colors', () => {
  const text = `first\n\tsecond ${esc}[1;31mred${esc}[0m\r\nthird`;
  expect(printableLines(text)).toBe(text.replace('\r', ''));
});

test('a cell cannot begin another row', () => {
  expect(
    table([
      ['TODAY', 'SERVICE'],
      ['blocked', `shop\npassed  pay${esc}[A`],
    ]).split('\n'),
  ).toEqual(['TODAY    SERVICE', 'blocked  shop\\u000apassed  pay\\u001b[A']);
});
