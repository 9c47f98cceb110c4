import { Yaml } from 'cdk8s';
import fc from 'fast-check';
import { parse, parseAllDocuments } from 'yaml';
import { stringifyYaml } from '../../../charts/kubernetes/yaml-text';

/** Characters that go-yaml accepts in a file (yaml_parser_update_buffer in readerc.go), without the line breaks that only YAML 1.1 has. */
const safe = /^[\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u;

const special = [
  ...['\0', '\b', '\t', '\n', '\r', '\r\n', '\u001b', '\u007f', '\u0080', '\u0085', '\u00a0', '\u2028', '\u2029'],
  ...['\ufeff', '\ufffe', '\uffff', '\u{1f600}', ' ', '"', '\\', '\\u0085', "'", '#', ': ', '- ', '|', '%', 'x'],
];
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...special), maxLength: 12 }),
  fc.array(fc.constantFrom(...special), { minLength: 60, maxLength: 90 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }).filter((each) => !/\p{Surrogate}/u.test(each)),
  fc.constantFrom('0o17', '-0o7', 'yes', '0777', '1_000', '12:30', '~', '', '1e3', '.inf', '2026-11-30', '<<', '='),
);

test('every text is read back by the rules of YAML 1.1 and 1.2, from a file that has no unsafe character', () => {
  fc.assert(
    fc.property(fc.dictionary(text, fc.oneof(text, fc.array(text)), { noNullPrototype: true }), (data) => {
      const written = stringifyYaml({ data });
      expect(written).toMatch(safe);
      expect(parse(written, { version: '1.1' })).toEqual({ data });
      expect(parse(written, { version: '1.2' })).toEqual({ data });
    }),
  );
});

test('every text begins and ends with its own line breaks, also in a long text', () => {
  const data = { a: `${'long text '.repeat(20)}\n\n  \tindented\u2028line\n \n`, b: '\n\u0085\n' };
  const written = stringifyYaml({ data });
  expect(written).toMatch(safe);
  expect(parse(written)).toEqual({ data });
});

test('a file without such characters is written as cdk8s writes it', () => {
  const objects = [{ a: 'plain', b: 'yes', c: 'two\nlines\n', d: [1, true, null, 'é'] }, { e: {} }];
  expect(stringifyYaml(...objects)).toBe(Yaml.stringify(...objects));
  expect(parseAllDocuments(stringifyYaml(...objects))).toHaveLength(2);
});
