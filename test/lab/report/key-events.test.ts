import { computedStart, keyEvents } from '../../../lab/report/key-events';
import { createReport } from '../../../lab/report/report';
import { sampleResult } from './sample-result';

const scenario = (changes: Parameters<typeof sampleResult>[0] = {}) => {
  const [first] = createReport(new Date(0), { results: [sampleResult(changes)] }).scenarios;
  return first as NonNullable<typeof first>;
};
const { startedAt } = scenario();

test('the events of a bad release are sorted by time, from git to the rollback', () => {
  expect(keyEvents(scenario()).map(({ at, label }) => [(at - startedAt) / 1000, label])).toEqual([
    [1, 'new release in git'],
    [12, 'first bad response'],
    [28, 'alert'],
    [50, 'rolled back'],
  ]);
});

test('the outcome of an earlier rollout is not an event', () => {
  const journal = [
    { at: 0, actor: 'flagger' as const, text: 'phase Succeeded' },
    { at: 5, actor: 'git' as const, text: 'ledger commit 0123456789ab: a new release' },
    { at: 9, actor: 'gateway' as const, text: '5 % to the new version' },
  ];
  expect(keyEvents({ journal }).map(({ label }) => label)).toEqual(['new release in git', '5 % of the traffic']);
});

test('the cluster can have a release before the journal notes it in git', () => {
  const journal = [
    { at: 0, actor: 'argocd' as const, text: 'applied hello@0 to the Deployment' },
    { at: 1, actor: 'git' as const, text: 'commit 0123456789ab of the service: 1.1.0' },
    { at: 17, actor: 'argocd' as const, text: 'applied hello@1 to the Deployment' },
    { at: 18, actor: 'git' as const, text: 'ledger commit 0123456789ab: a new release' },
    { at: 90, actor: 'argocd' as const, text: 'applied hello@0 to the Deployment' },
  ];
  expect(keyEvents({ journal })).toEqual([
    { at: 17, label: 'in the cluster' },
    { at: 18, label: 'new release in git' },
  ]);
});

test.each([
  ['errors-from-start', 10],
  ['crash-loop', 12],
  ['never-ready', 10],
  ['metrics-gone', undefined],
] as const)('the computed times of %s start where the arithmetic starts', (fault, seconds) => {
  expect(computedStart(scenario({ fault }))).toBe(seconds === undefined ? undefined : startedAt + seconds * 1000);
});
