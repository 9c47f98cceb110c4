import type { PipelineAction } from '../../../lib/local/assembly/read-assembly';
import { type RunOutcome, reportRunFailure, runFailure, runResult } from '../../../lib/local/run/run-result';

function action(stage: string, name: string, variables: Readonly<Record<string, string>> = {}): PipelineAction {
  const given = Object.entries(variables).map(([key, value]) => ({ name: key, value, type: 'PLAINTEXT' }));
  return {
    stage,
    name,
    provider: 'CodeBuild',
    configuration: { EnvironmentVariables: JSON.stringify(given) },
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

/** A run that came as far as `last`, which ended with `exitCode`. */
function facts(
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
    published: false,
    steps: [{ stage: 'Synth', name: 'Synth', seconds: 1.234, exitCode: 0 }],
    pipeline: { actions },
    result: {
      actions: ran.map(({ stage, name }) => ({ stage, name, seconds: 2, exitCode: name === last.name ? exitCode : 0 })),
      variables: new Map(Object.entries(variables)),
      ...(exitCode === 0 ? {} : { failed: { action: last, exitCode, log, logFile: '/log' } }),
    },
    sizes: {},
  };
}

test('an environment is told by its own name, whatever an action of it can be called', () => {
  const variables = { 'PromoteEuWest1.LEDGER_COMMIT': 'a1', 'PromoteLive.LEDGER_COMMIT': 'b2' };
  expect(runResult(facts(promoteLive, 0, '', variables)).promoted).toEqual({ 'eu-west-1': 'a1', live: 'b2' });
});

test('a run is signed when every key of the pipeline has signed', () => {
  expect(runResult(facts(promoteLive)).signed).toBe(true);
  expect(runResult(facts(signLive, 1)).signed).toBe(false);
  expect(runResult(facts(promoteTest, 2)).signed).toBe(false);
  expect(runResult({ ...facts(scan), pipeline: { actions: [build, scan] } }).signed).toBe(false);
});

test('a run has changed something when it published, or when a promotion says so', () => {
  expect(runResult(facts(promoteLive, 0, '', { 'PromoteLive.CHANGED': 'false' })).changed).toBe(false);
  expect(runResult(facts(promoteLive, 0, '', { 'PromoteEuWest1.CHANGED': 'true' })).changed).toBe(true);
  expect(runResult({ ...facts(promoteLive), published: true }).changed).toBe(true);
});

test.each([
  [0, undefined],
  [1, 'unreliable'],
  [2, 'blocked'],
  [3, 'unreliable'],
])('a scan that ended with %i and exported nothing has the verdict %s', (exitCode, verdict) => {
  expect(runResult(facts(scan, exitCode)).verdict).toBe(verdict);
});

const progress = Array.from({ length: 40 }, (_, index) => `#15 0.1 example.com/package/${index}`).join('\n');

test('of a failed action is told what it said when it gave up, and not the progress before', () => {
  const said =
    'bowline: shop does not compile:\n  main.go:5:2: "os" imported and not used\n  main.go:9:1: undefined: x';
  const notes: string[] = [];
  const failed = facts(build, 3, `${progress}\n${said}\n`);
  reportRunFailure(failed.result, { note: (text) => notes.push(text) });
  expect(notes).toEqual([`Build/Build ended with exit code 3. The end of its log (/log):\n${said}`]);
  expect(runResult(failed).failed).toEqual({ action: 'Build/Build', exitCode: 3, log: said });
});

test('of an action that was broken off the last lines are told', () => {
  expect(runResult(facts(build, 1, progress)).failed?.log.split('\n')).toHaveLength(15);
});

test.each([
  [1, 1],
  [2, 2],
  [3, 3],
  [137, 1],
])('a run whose action ended with %i ends with %i', (exitCode, expected) => {
  expect(runFailure(runResult(facts(build, exitCode)))?.exitCode).toBe(expected);
});

test('a run that passed has no failure', () => {
  expect(runFailure(runResult(facts(promoteLive)))).toBeUndefined();
});
