import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'coverage.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| [0-9]+ \|/.test(line) && line.split('|').length === 6)
  .map((line) => line.split('|').map((cell) => cell.trim()));
const filesIn = (cell = '') =>
  [...cell.matchAll(/`((?:bench|charts|docs|lib|test)\/[^`]+)`/g)].map(([, file]) => file as string);

test('docs/coverage.md has every row that it is to have, once', () => {
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
