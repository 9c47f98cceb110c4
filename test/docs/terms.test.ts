import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** Runs the term check, which is an ES module, in its own process. Answers each use as `line:column term`. */
function found(file: string, text: string): readonly string[] {
  const script = `import { findRetiredTerms } from './tools/check-terms.mjs';
const [file, text] = process.argv.slice(1);
process.stdout.write(JSON.stringify(findRetiredTerms(file, text)));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script, file, text], {
    cwd: root,
    encoding: 'utf8',
  });
  return (
    JSON.parse(output) as readonly { readonly line: number; readonly column: number; readonly term: string }[]
  ).map(({ line, column, term }) => `${line}:${column} ${term}`);
}

const rows =
  readFileSync(join(root, 'docs', 'glossary.md'), 'utf8')
    .split('## Words that Bowline no longer uses')[1]
    ?.split('\n')
    .flatMap((line) => /^\| (?!Do not write|---)([^|]+) \|/.exec(line)?.[1] ?? []) ?? [];

test('the term check finds every word that docs/glossary.md retires', () => {
  expect(rows.length).toBeGreaterThan(18);
  const phrases = rows.flatMap((row) =>
    row
      .replace(/\([^)]*\)/g, '')
      .split(', ')
      .map((phrase) => phrase.trim()),
  );
  const lines = new Set(found('page.md', phrases.join('\n')).map((use) => Number(use.split(':')[0])));
  expect(phrases.filter((_, index) => !lines.has(index + 1))).toEqual([]);
});

test('the term check gives line and column', () => {
  expect(found('x.ts', 'const a = 1;\n// the road is taken back')).toEqual(['2:8 road', '2:16 taken back']);
});

test('the term check finds retired words in identifiers', () => {
  expect(found('x.ts', 'runRoad(standInDatabases, VerbError, GoingBack)')).toHaveLength(4);
});

test.each(['a broad plan', "rules: [{ verbs: ['get'] }]", 'cannot', 'the abroad office'])(
  'the term check accepts %j',
  (text) => {
    expect(found('x.ts', text)).toEqual([]);
  },
);
