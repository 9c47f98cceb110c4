import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAtReport, reportProblems } from '../../../lab/report/inspect-report';
import { reportPage } from '../../../lab/report/page';
import { reportOf } from '../../../lab/report/report';
import { sampleResult } from './sample-result';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const looked = (page: string, pictures?: string) => {
  const file = join(folder, 'report.html');
  writeFileSync(file, page);
  return lookAtReport(file, pictures);
};

test('a browser shows the report without complaint, with a picture of each scenario and no text over other text', async () => {
  // The second ends with the rollback: there is no room for words behind it.
  const results = [sampleResult(), sampleResult({ name: 'short', seconds: 51 })];
  const report = reportOf(new Date(0), results, { bringUpSeconds: 9.5 });
  const pictures = join(folder, 'pictures');
  const seen = await looked(reportPage(report), pictures);
  expect(reportProblems(seen, 2)).toEqual([]);
  expect(seen.headings).toEqual([
    'Bowline lab',
    expect.stringContaining('3. errors'),
    expect.stringContaining('short'),
  ]);
  expect(readdirSync(pictures).sort()).toEqual(['errors.png', 'overview.png', 'short.png']);
}, 60_000);

test('a page that is broken is told in sentences: a script that fails, something from elsewhere, text over text, a picture too small', async () => {
  const seen = await looked(`<!doctype html><title>bad</title><h1>Bad</h1>
    <section><svg viewBox="0 0 100 40" width="400" height="160">
      <text x="10" y="20">one</text><text x="12" y="21">another</text>
    </svg></section>
    <img src="http://127.0.0.1:9/x.png"><script>throw new Error('broken on purpose');</script>`);
  const problems = reportProblems(seen, 2).join('\n');
  expect(problems).toContain('the browser complains: broken on purpose');
  expect(problems).toContain('asks for http://127.0.0.1:9/x.png');
  expect(problems).toContain('text covers text, or leaves its picture: one');
  expect(problems).toContain('1 pictures of 2 scenarios');
  expect(problems).toContain('a picture is only 400 by 160');
}, 60_000);
