import type { PipelineAction } from '../../../lib/local/assembly/read-assembly';
import { type RunOutcome, reportRunFailure, runFailure, runResult } from '../../../lib/local/run/run-result';

function action(stage: string, name: string, variables: Readonly<Record<string, string>> = {}): PipelineAction {
  const environment = Object.entries(variables).map(([key, value]) => ({ name: key, value, type: 'PLAINTEXT' }));
  return {
    stage,
    name,
    provider: 'CodeBuild',
    configuration: { EnvironmentVariables: JSON.stringify(environment) },
    inputs: [],
    outputs: [],
    namespace: name,
  };
}

const build = action('Build', 'Build');
const scan = action('Scan', 'Scan');
const signTest = action('PromoteEuWest1', 'SignTest', { BOWLINE_KEY: 'awskms:///alias/test' });
const promoteTest = action('PromoteEuWest1', 'PromoteEuWest1', { BOWLINE_ENVIRONMENT: 'eu-west-1' });
const signLive = action('PromoteLive', 'SignLive', { BOWLINE_KEY: 'awskms:///alias/live' });
const promoteLive = action('PromoteLive', 'PromoteLive', { BOWLINE_ENVIRONMENT: 'live' });
const actions = [build, scan, signTest, promoteTest, signLive, promoteLive];

/** The outcome of a run whose last action ended with `exitCode`. */
function outcome(
  last: PipelineAction,
  exitCode = 0,
  log = '',
  variables: Readonly<Record<string, string>> = {},
): RunOutcome {
  const ran = actions.slice(0, actions.indexOf(last) + 1);
  return {
    service: 'shop',
    commit: 'c',
    ledger: '/ledger.git',
    databases: 'fixture',
    folders: { catalog: '/catalog', keys: '/keys', logs: '/logs' },
    published: false,
    steps: [{ stage: 'Synth', name: 'Synth', seconds: 1.234, exitCode: 0 }],
    pipeline: { actions },
    result: {
      actions: ran.map(({ stage, name }) => ({ stage, name, seconds: 2, exitCode: name === last.name ? exitCode : 0 })),
      variables: new Map(Object.entries(variables)),
      failed: exitCode === 0 ? undefined : { action: last, exitCode, log, logFile: '/log' },
    },
    sizes: {},
  };
}

test('a promotion is reported by the name of its environment, not by the name of the action', () => {
  const variables = { 'PromoteEuWest1.LEDGER_COMMIT': 'a1', 'PromoteLive.LEDGER_COMMIT': 'b2' };
  expect(runResult(outcome(promoteLive, 0, '', variables)).promoted).toEqual({ 'eu-west-1': 'a1', live: 'b2' });
});

test('a run is signed when every key of the pipeline has signed', () => {
  expect(runResult(outcome(promoteLive)).signed).toBe(true);
  expect(runResult(outcome(signLive, 1)).signed).toBe(false);
  expect(runResult(outcome(promoteTest, 2)).signed).toBe(false);
  expect(runResult({ ...outcome(scan), pipeline: { actions: [build, scan] } }).signed).toBe(false);
});

test('a run reports a change when it published, or when a promotion exports CHANGED', () => {
  expect(runResult(outcome(promoteLive, 0, '', { 'PromoteLive.CHANGED': 'false' })).changed).toBe(false);
  expect(runResult(outcome(promoteLive, 0, '', { 'PromoteEuWest1.CHANGED': 'true' })).changed).toBe(true);
  expect(runResult({ ...outcome(promoteLive), published: true }).changed).toBe(true);
});

test.each([
  [0, undefined],
  [1, 'inconclusive'],
  [2, 'blocked'],
  [3, 'inconclusive'],
])('a scan that exits with %i and exports no verdict has the verdict %s', (exitCode, verdict) => {
  expect(runResult(outcome(scan, exitCode)).verdict).toBe(verdict);
});

const progress = Array.from({ length: 40 }, (_, index) => `#15 0.1 example.com/package/${index}`).join('\n');

test('the report of a failed action contains its error and not its progress', () => {
  const error =
    'bowline: shop does not compile:\n  main.go:5:2: "os" imported and not used\n  main.go:9:1: undefined: x';
  const notes: string[] = [];
  const failed = outcome(build, 3, `${progress}\n${error}\n`);
  reportRunFailure(failed.result, { note: (text) => notes.push(text) });
  expect(notes).toEqual([`Build/Build failed with exit code 3. The end of its log (/log):\n${error}`]);
  expect(runResult(failed).failed).toEqual({ action: 'Build/Build', exitCode: 3, log: error });
});

test('the report of an action without an error message contains its last lines', () => {
  expect(runResult(outcome(build, 1, progress)).failed?.log.split('\n')).toHaveLength(15);
});

test.each([
  [1, 1],
  [2, 2],
  [3, 3],
  [137, 1],
])('a run whose action exits with %i exits with %i', (exitCode, expected) => {
  expect(runFailure(runResult(outcome(build, exitCode)))?.exitCode).toBe(expected);
});

test('a successful run has no failure', () => {
  expect(runFailure(runResult(outcome(promoteLive)))).toBeUndefined();
});
