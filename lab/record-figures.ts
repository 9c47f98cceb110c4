import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { figuresOf } from './report/figures';
import type { LabReport } from './report/report';

// What docs/how-to/lab.md quotes of runs: npx tsx lab/record.ts lab/out/<time>/report.json …, then BOWLINE_WRITE_GENERATED=1 npx jest test/docs/lab.
// `report.json:5,6` takes these scenarios of a run alone, as when one of the others was mended since.
const figures = process.argv.slice(2).flatMap((word) => {
  const [path = '', numbers] = word.split(':');
  const all = figuresOf(JSON.parse(readFileSync(path, 'utf8')) as LabReport);
  return numbers === undefined ? all : all.filter(({ number }) => numbers.split(',').includes(String(number)));
});
writeFileSync(join(__dirname, '..', 'docs', 'data', 'lab-figures.json'), `${JSON.stringify(figures, undefined, 2)}\n`);
