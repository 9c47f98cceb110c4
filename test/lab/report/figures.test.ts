import { type Figure, figuresOf, figuresTable, promiseTable } from '../../../lab/report/figures';
import { createReport } from '../../../lab/report/report';
import { sampleResult } from './sample-result';

const figure = (changes: Partial<Figure>): Figure => ({
  run: '2026-11-24T16:00:00Z',
  number: 3,
  name: 'errors',
  passed: true,
  badResponses: 0,
  lostRequests: 0,
  requests: 100,
  ...changes,
});

test('takes the figures from the report, and counts all requests', () => {
  const [figures] = figuresOf(createReport(new Date('2026-11-24T16:00:00Z'), { results: [sampleResult()] }));
  expect(figures).toMatchObject({ number: 3, fault: 'errors-from-start', computedSeconds: 41, measuredSeconds: 37.2 });
  expect(figures?.requests).toBe(60 * 190 + 40 * 10);
});

test('the end-to-end time is the last one in the journal', () => {
  const journal = ['from commit to promoted 91.2 s', 'from bowline rollback to promoted 81.8 s'].map((text) => ({
    at: 0,
    actor: 'lab' as const,
    text,
  }));
  expect(figuresOf(createReport(new Date(0), { results: [sampleResult({ journal })] }))[0]?.endToEndSeconds).toBe(81.8);
});

test('the runs of a scenario share a row, with their spread and including failures', () => {
  const table = figuresTable([
    figure({ measuredSeconds: 39.5, computedBestSeconds: 40, computedSeconds: 40, badResponses: 23 }),
    figure({ number: 1, name: 'first release' }),
    figure({ measuredSeconds: 28.1, passed: false, badResponses: 12 }),
  ]);
  expect(table.trim().split('\n').slice(2)).toEqual([
    '| 1 | first release | 1 of 1 | – | – |  | 0 | 0 | 100 |',
    '| 3 | errors | 1 of 2 | 40–40 | 39.5, 28.1 | 11.4 | 23, 12 | 0, 0 | 100, 100 |',
  ]);
});

test('the comparison shows the lowest and the highest figure', () => {
  const table = promiseTable([
    figure({ name: 'good release', endToEndSeconds: 87.1 }),
    figure({ name: 'good release', endToEndSeconds: 83.6 }),
    figure({ measuredSeconds: 28.1 }),
  ]);
  expect(table).toContain('| From commit to promoted | minutes | 83.6 to 87.1 s |');
  expect(table).toContain('| Releases | 15 a day | 15 in sequence take 22 minutes |');
  expect(table).toContain('| Time to restore: errors | under 3 minutes | 28.1 s, automatically |');
});
