import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { figuresOf } from './report/figures';
import type { LabReport } from './report/report';

// Writes the figures of docs/how-to/lab.md from reports:
//   npx tsx lab/record-figures.ts lab/out/<time>/report.json …
//   BOWLINE_WRITE_GENERATED=1 npx jest test/docs/lab
// `report.json:5,6` takes only scenarios 5 and 6 of a report, for example if another one has been fixed since.
const figures = process.argv.slice(2).flatMap((argument) => {
  const [path = '', numbers] = argument.split(':');
  const all = figuresOf(JSON.parse(readFileSync(path, 'utf8')) as LabReport);
  return numbers === undefined ? all : all.filter(({ number }) => numbers.split(',').includes(String(number)));
});
writeFileSync(join(__dirname, '..', 'docs', 'data', 'lab-figures.json'), `${JSON.stringify(figures, undefined, 2)}\n`);
