import fc from 'fast-check';
import { parseObjects } from '../../../lib/ledger/git/parse-objects';

const id = 'a'.repeat(40);
const object = (type: string, text: string) => `${id} ${type} ${Buffer.byteLength(text)}\n${text}\n`;
const parse = (text: string) => parseObjects(Buffer.from(text));

test('reads files, and no text for missing objects, folders and commits, whatever they contain', () => {
  expect(
    parse(
      [
        object('blob', 'one'),
        `main:services/dev/hello.json missing\n`,
        object('tree', `${id} blob 3\nfake\n`),
        object('blob', ''),
        object('commit', 'x missing\n\n'),
        `${id} ambiguous\n`,
        object('blob', 'ünï\n'),
      ].join(''),
    ),
  ).toEqual(['one', undefined, undefined, '', undefined, undefined, 'ünï\n']);
});

test('a file that is cut off has no text', () => {
  const whole = object('blob', 'one') + object('blob', 'second');
  for (let length = 0; length < whole.length - 1; length++) {
    const texts = parse(whole.slice(0, length));
    expect(texts.length).toBeLessThanOrEqual(2);
    expect(texts.filter((text) => text !== undefined && text !== 'one')).toEqual([]);
  }
});

test('reads any texts back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\n', `${id} blob 2\nx\n`))),
      (texts) => {
        expect(parse(texts.map((text) => object('blob', text)).join(''))).toEqual(texts);
      },
    ),
  );
});
