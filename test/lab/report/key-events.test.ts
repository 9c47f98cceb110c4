import { computedFrom, keyEvents } from '../../../lab/report/key-events';
import { reportOf } from '../../../lab/report/report';
import { sampleResult } from './sample-result';

const scenario = (changes: Parameters<typeof sampleResult>[0] = {}) => {
  const [first] = reportOf(new Date(0), [sampleResult(changes)]).scenarios;
  return first as NonNullable<typeof first>;
};
const { startedAt } = scenario();

test('a bad release is told in the order of time, from git to the rollback', () => {
  expect(keyEvents(scenario()).map(({ at, words }) => [(at - startedAt) / 1000, words])).toEqual([
    [1, 'new release in git'],
    [12, 'first bad answer'],
    [28, 'alert'],
    [50, 'taken back'],
  ]);
});

test('how a rollout before the release ended is none of its events', () => {
  const journal = [
    { at: 0, actor: 'flagger' as const, text: 'phase Succeeded' },
    { at: 5, actor: 'git' as const, text: 'ledger commit 0123456789ab: a new release' },
    { at: 9, actor: 'gateway' as const, text: '5 % to the new version' },
  ];
  expect(keyEvents({ journal }).map(({ words }) => words)).toEqual(['new release in git', '5 % of the traffic']);
});

test('the cluster may have a release before the road says that it is in git', () => {
  const journal = [
    { at: 0, actor: 'argocd' as const, text: 'the Deployment has hello@0' },
    { at: 1, actor: 'git' as const, text: 'commit 0123456789ab of the service: 1.1.0' },
    { at: 17, actor: 'argocd' as const, text: 'the Deployment has hello@1' },
    { at: 18, actor: 'git' as const, text: 'ledger commit 0123456789ab: a new release' },
    { at: 90, actor: 'argocd' as const, text: 'the Deployment has hello@0' },
  ];
  expect(keyEvents({ journal })).toEqual([
    { at: 17, words: 'in the cluster' },
    { at: 18, words: 'new release in git' },
  ]);
});

test.each([
  ['errors-from-start', 10],
  ['crash-loop', 12],
  ['never-ready', 10],
  ['metrics-gone', undefined],
] as const)('what is computed for %s begins where its arithmetic does', (fault, seconds) => {
  expect(computedFrom(scenario({ fault }))).toBe(seconds === undefined ? undefined : startedAt + seconds * 1000);
});
