import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProblems, inspectReport } from '../../../lab/report/inspect-report';
import { reportPage } from '../../../lab/report/page';
import { createReport } from '../../../lab/report/report';
import { sampleResult } from './sample-result';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inspectPage = (page: string, pictures?: string) => {
  const file = join(folder, 'report.html');
  writeFileSync(file, page);
  return inspectReport(file, pictures);
};

test('a browser shows the report without problems, with a screenshot per scenario', async () => {
  // The second scenario ends with the rollback, so its label has no room after the mark.
  const results = [sampleResult(), sampleResult({ name: 'short', seconds: 51 })];
  const report = createReport(new Date(0), { results, bringUpSeconds: 9.5 });
  const pictures = join(folder, 'pictures');
  const inspected = await inspectPage(reportPage(report), pictures);
  expect(findProblems(inspected, 2)).toEqual([]);
  expect(inspected.headings).toEqual([
    'Bowline lab',
    expect.stringContaining('3. errors'),
    expect.stringContaining('short'),
  ]);
  expect(readdirSync(pictures).sort()).toEqual(['errors.png', 'overview.png', 'short.png']);
}, 300_000);

test('reports the problems of a broken page: a failing script, an external resource, overlapping text, a small picture', async () => {
  const inspected = await inspectPage(`<!doctype html><title>bad</title><h1>Bad</h1>
    <section><svg viewBox="0 0 100 40" width="400" height="160">
      <text x="10" y="20">one</text><text x="12" y="21">another</text>
    </svg></section>
    <img src="http://127.0.0.1:9/x.png"><script>throw new Error('broken on purpose');</script>`);
  const problems = findProblems(inspected, 2).join('\n');
  expect(problems).toContain('browser: broken on purpose');
  expect(problems).toContain('requests http://127.0.0.1:9/x.png');
  expect(problems).toContain('text overlaps other text or leaves its picture: one');
  expect(problems).toContain('found 1 pictures, expected 2: one per scenario');
  expect(problems).toContain('a picture has 400 by 160 pixels');
}, 300_000);
