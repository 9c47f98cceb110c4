import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf } from './imports';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'reference', 'coverage.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| [0-9]+ \|/.test(line) && line.split('|').length === 6)
  .map((line) => line.split('|').map((cell) => cell.trim()));
const filesIn = (cell = '') =>
  [...cell.matchAll(/`((?:bench|charts|docs|lib|test)\/[^`]+)`/g)].map(([, file]) => file as string);

test('docs/reference/coverage.md has every row that it is to have, once', () => {
  expect(rows.map(([, number]) => Number(number))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 13, 14, 15, 16, 17, 18, 19, 23]);
});

test.each(rows.map((row) => [row[2] ?? '', row] as const))(
  '%s: names files that there are, and what holds them',
  (_, row) => {
    const [does, holds] = [filesIn(row[3]), filesIn(row[4])];
    expect(does.length).toBeGreaterThan(0);
    expect(holds.length).toBeGreaterThan(0);
    expect([...does, ...holds].filter((file) => !existsSync(join(root, file)))).toEqual([]);
  },
);

// The tests of the road start the program as people do, and CDK's app with it.
const started = ['bin/bowline.ts', 'bin/cdk.ts'];

test.each(rows.map((row) => [row[2] ?? '', row] as const))('%s: what holds it reaches what does it', (_, row) => {
  const holds = filesIn(row[4]).filter((file) => file.endsWith('.ts'));
  const reached = new Set(
    [...holds, ...(holds.some((file) => file.startsWith('test/end-to-end/')) ? started : [])].flatMap((file) => [
      ...importsOf(root, file),
    ]),
  );
  const sources = filesIn(row[3]).filter((file) => file.endsWith('.ts'));
  expect(sources.filter((file) => !reached.has(file))).toEqual([]);
});
