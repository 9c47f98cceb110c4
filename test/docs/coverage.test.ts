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

test('docs/reference/coverage.md has each expected row once', () => {
  expect(rows.map(([, number]) => Number(number))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 13, 14, 15, 16, 17, 18, 19, 23]);
});

test.each(rows.map((row) => [row[2] ?? '', row] as const))(
  '%s: the implementing files and the tests exist',
  (_, row) => {
    const [does, holds] = [filesIn(row[3]), filesIn(row[4])];
    expect(does.length).toBeGreaterThan(0);
    expect(holds.length).toBeGreaterThan(0);
    expect([...does, ...holds].filter((file) => !existsSync(join(root, file)))).toEqual([]);
  },
);

// The end-to-end tests start the program and the CDK app as processes.
const started = ['bin/bowline.ts', 'bin/cdk.ts'];

test.each(rows.map((row) => [row[2] ?? '', row] as const))('%s: the tests reach the implementing files', (_, row) => {
  const holds = filesIn(row[4]).filter((file) => file.endsWith('.ts'));
  const reached = new Set(
    [...holds, ...(holds.some((file) => file.startsWith('test/end-to-end/')) ? started : [])].flatMap((file) => [
      ...importsOf(root, file),
    ]),
  );
  const sources = filesIn(row[3]).filter((file) => file.endsWith('.ts'));
  expect(sources.filter((file) => !reached.has(file))).toEqual([]);
});
