import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { setToolbox } from '../../lib/bootstrap/set-toolbox';

const root = join(__dirname, '..', '..');
const image = (name: string) => `registry.example/${name}@sha256:${'0'.repeat(64)}`;
const example = readFileSync(join(root, 'catalog', 'platform.yaml'), 'utf8');

test('adds one line to the example and keeps all others', () => {
  const written = setToolbox(example, image('a'));
  const lines = written.split('\n');
  const added = lines.indexOf(`toolbox: ${image('a')}`);
  expect(lines.filter((_, index) => index !== added).join('\n')).toBe(example);
  expect(lines[added - 1]).toMatch(/^ {2}alpine: /);
  expect(parse(written)).toEqual({ ...parse(example), toolbox: image('a') });
});

test('replaces an existing toolbox and keeps its trailing comment', () => {
  const text = 'name: acme\ntoolbox: "old" # pinned\n# next\nversion: 1\n';
  expect(setToolbox(text, image('b'))).toBe(`name: acme\ntoolbox: ${image('b')} # pinned\n# next\nversion: 1\n`);
});

test.each([
  ['', `toolbox: ${image('c')}\n`],
  ['name: acme', `name: acme\ntoolbox: ${image('c')}\n`],
  ['bases: { builder: x } # all\nname: acme\n', `bases: { builder: x } # all\ntoolbox: ${image('c')}\nname: acme\n`],
  ['bases:\n  builder: x', `bases:\n  builder: x\ntoolbox: ${image('c')}\n`],
])('%j becomes %j', (before, after) => {
  const edit = () => setToolbox(before, image('c'));
  if (before === '') {
    expect(edit).toThrow('not a YAML mapping');
  } else {
    expect(edit()).toBe(after);
  }
});

test.each(['{ name: acme }', '- a', 'a: [', 'a: 1\na: 2\n'])('%j cannot be edited', (text) => {
  expect(() => setToolbox(text, image('d'))).toThrow();
});

test('keeps the rest of any file, and a second call replaces the first value', () => {
  const value = fc.oneof(fc.stringMatching(/^[a-z #:"'-]{0,12}$/), fc.integer(), fc.constant(null));
  const comment = fc.constantFrom('', '# a comment\n', '\n');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,6}$/), value, comment), { maxLength: 5 }),
      fc.boolean(),
      (entries, flow) => {
        const unique = [...new Map(entries.map((entry) => [entry[0], entry])).values()].filter(
          ([key]) => key !== 'toolbox',
        );
        const lines = unique.map(([key, item, note]) => `${note}${key}: ${JSON.stringify(item)}\n`).join('');
        const text = `version: 1\n${lines}${flow ? 'bases: { a: b }\n' : 'bases:\n  a: b\n\n# end\n'}`;
        if (unique.some(([key]) => key === 'version' || key === 'bases')) {
          return;
        }
        const once = setToolbox(text, image('e'));
        expect(parse(once)).toEqual({ ...parse(text), toolbox: image('e') });
        expect(setToolbox(once, image('f'))).toBe(once.replace(image('e'), image('f')));
        expect(once.replace(`toolbox: ${image('e')}\n`, '')).toBe(text);
      },
    ),
  );
});
