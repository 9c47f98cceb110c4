import type { ScenarioResult } from '../../../lab/scenarios/run-scenario';

const startedAt = 1_764_000_000_000;

/** A short run of the scenario `errors`. */
export function sampleResult(changes: Partial<ScenarioResult> = {}): ScenarioResult {
  const second = (index: number) => startedAt / 1000 + index;
  return {
    number: 3,
    name: 'errors',
    title: 'A release that fails 5 % of its requests is rolled back',
    passed: true,
    startedAt,
    seconds: 60,
    computed: { best: 40, worst: 41 },
    fault: 'errors-from-start',
    measuredSeconds: 37.2,
    badResponses: 19,
    lostRequests: 0,
    limits: { errorPercent: 1, p99Milliseconds: 500 },
    expectations: [{ sentence: 'the good version was never replaced', met: true }],
    journal: [
      { at: startedAt + 1000, actor: 'git', text: 'ledger commit 0123456789ab: a new release' },
      { at: startedAt + 2000, actor: 'argocd', text: 'synced' },
      { at: startedAt + 10_000, actor: 'flagger', text: 'phase Progressing' },
      { at: startedAt + 12_000, actor: 'users', text: 'first bad response' },
      { at: startedAt + 28_000, actor: 'alertmanager', text: 'CanaryErrors firing: notified the agent' },
      { at: startedAt + 49_200, actor: 'users', text: 'last bad response' },
      { at: startedAt + 50_000, actor: 'flagger', text: 'phase Failed' },
    ],
    weights: [
      { at: startedAt + 10_000, canary: 5 },
      { at: startedAt + 50_000, canary: 0 },
    ],
    responses: Array.from({ length: 60 }, (_, index) => [
      { second: second(index), version: '1.0.0', count: 190, errors: 0, p99: 4 },
      ...(index >= 10 && index < 50
        ? [{ second: second(index), version: '2.0.0-errors', count: 10, errors: index % 2, p99: 5 }]
        : []),
    ]).flat(),
    releases: [
      {
        hello: { version: '2.0.0-errors', fault: { errorRate: 0.05 } },
        commit: 'a'.repeat(40),
        image: `127.0.0.1:5520/acme/hello@sha256:${'b'.repeat(64)}`,
        ledgerCommit: 'c'.repeat(40),
        run: {
          service: 'hello',
          commit: 'a'.repeat(40),
          changed: true,
          image: {
            repository: '127.0.0.1:5520/acme/hello',
            digest: `sha256:${'b'.repeat(64)}`,
            platforms: { 'linux/amd64': `sha256:${'d'.repeat(64)}` },
            sizes: { 'linux/amd64': 6_000_000 },
          },
          verdict: 'passed',
          signed: true,
          promoted: { lab: 'c'.repeat(40) },
          actions: [{ name: 'Build', seconds: 7, exitCode: 0 }],
          ledger: 'https://10.200.0.1:3080/ledger.git',
        },
      },
    ] as unknown as ScenarioResult['releases'],
    ...changes,
  };
}
