import { type Figure, figuresOf, figuresTable, promiseTable } from '../../../lab/report/figures';
import { reportOf } from '../../../lab/report/report';
import { sampleResult } from './sample-result';

const figure = (changes: Partial<Figure>): Figure => ({
  run: '2026-11-24T16:00:00Z',
  number: 3,
  name: 'errors',
  passed: true,
  badAnswers: 0,
  lostAnswers: 0,
  answers: 100,
  ...changes,
});

test('what is quoted of a run is what its report says, all answers counted', () => {
  const [quoted] = figuresOf(reportOf(new Date('2026-11-24T16:00:00Z'), [sampleResult()]));
  expect(quoted).toMatchObject({ number: 3, fault: 'errors-from-start', computedSeconds: 41, measuredSeconds: 37.2 });
  expect(quoted?.answers).toBe(60 * 190 + 40 * 10);
});

test('the whole way is the last one that a scenario went', () => {
  const journal = ['from commit to promoted 91.2 s', 'from bowline rollback to promoted 81.8 s'].map((text) => ({
    at: 0,
    actor: 'lab' as const,
    text,
  }));
  expect(figuresOf(reportOf(new Date(0), [sampleResult({ journal })]))[0]?.wholeWaySeconds).toBe(81.8);
});

test('runs of one scenario share a line, with their spread, failures among them', () => {
  const table = figuresTable([
    figure({ measuredSeconds: 39.5, computedBestSeconds: 40, computedSeconds: 40, badAnswers: 23 }),
    figure({ number: 1, name: 'first release' }),
    figure({ measuredSeconds: 28.1, passed: false, badAnswers: 12 }),
  ]);
  expect(table.trim().split('\n').slice(2)).toEqual([
    '| 1 | first release | 1 of 1 | – | – |  | 0 | 0 | 100 |',
    '| 3 | errors | 1 of 2 | 40–40 | 39.5, 28.1 | 11.4 | 23, 12 | 0, 0 | 100, 100 |',
  ]);
});

test('the promise is shown from the lowest to the highest figure', () => {
  const table = promiseTable([
    figure({ name: 'good release', wholeWaySeconds: 87.1 }),
    figure({ name: 'good release', wholeWaySeconds: 83.6 }),
    figure({ measuredSeconds: 28.1 }),
  ]);
  expect(table).toContain('| From commit to promoted | minutes | 83.6 to 87.1 s |');
  expect(table).toContain('| Releases | 15 a day | 15 one after another take 22 minutes |');
  expect(table).toContain('| Time to restore: errors | under 3 minutes | 28.1 s, by itself |');
});
