import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsCallError } from '../../lib/aws';
import { CatalogError } from '../../lib/catalog';
import { failureOf } from '../../lib/cli/fail';
import {
  BowlineError,
  badInput,
  type ErrorCode,
  errorCodes,
  exitCodes,
  type FailureKind,
  inconclusive,
  rejected,
} from '../../lib/errors';
import { GitError, LedgerError, LedgerInputError } from '../../lib/ledger';
import { ProgramError } from '../../lib/process';

/** Scripts rely on these: a change here is a breaking change. */
const kindsByCode: Readonly<Record<ErrorCode, readonly FailureKind[]>> = {
  input: ['badInput'],
  'bad-option': ['badInput'],
  failed: ['inconclusive'],
  unexpected: ['inconclusive'],
  'action-failed': ['inconclusive', 'rejected', 'badInput'],
  catalog: ['badInput'],
  manifests: ['badInput'],
  recipe: ['badInput'],
  'does-not-compile': ['badInput'],
  'go-too-old': ['badInput'],
  'modules-unfit': ['badInput'],
  'module-credential': ['badInput', 'inconclusive'],
  'module-unavailable': ['badInput', 'inconclusive'],
  'module-altered': ['rejected'],
  'builder-lacks': ['badInput'],
  'builder-exhausted': ['inconclusive'],
  'base-unavailable': ['badInput', 'inconclusive'],
  'image-not-pushed': ['inconclusive'],
  'compiler-failed': ['inconclusive'],
  'program-unstartable': ['rejected'],
  'tests-failed': ['rejected'],
  'tests-timed-out': ['rejected'],
  'no-tests': ['rejected'],
  'exits-at-start': ['rejected'],
  'port-closed': ['rejected'],
  'probe-fails': ['rejected'],
  'metrics-missing': ['rejected'],
  'no-buildkit': ['inconclusive'],
  'record-missing': ['badInput'],
  'empty-ledger': ['inconclusive'],
  'running-missing': ['badInput'],
  'running-altered': ['inconclusive'],
  'running-malformed': ['inconclusive'],
  'record-altered': ['inconclusive'],
  'record-malformed': ['inconclusive'],
  'record-outdated': ['inconclusive'],
  'record-too-early': ['inconclusive'],
  'release-file-missing': ['badInput'],
  'other-service': ['badInput', 'rejected'],
  'registry-mismatch': ['inconclusive'],
  'not-a-digest': ['badInput'],
  'image-missing': ['rejected', 'inconclusive'],
  'image-malformed': ['rejected', 'inconclusive'],
  'platform-unnamed': ['rejected', 'inconclusive'],
  'platform-unknown': ['rejected', 'inconclusive'],
  'platform-twice': ['rejected', 'inconclusive'],
  'platform-mismatch': ['rejected'],
  'registry-unreachable': ['inconclusive'],
  'evidence-unreadable': ['inconclusive'],
  'other-repository': ['rejected'],
  'other-source': ['rejected'],
  'other-ref': ['rejected'],
  'other-commit': ['rejected'],
  'verdict-malformed': ['rejected'],
  'verdict-subject-mismatch': ['rejected'],
  'verdict-superseded': ['rejected'],
  'stale-verdict': ['rejected'],
  'future-verdict': ['rejected'],
  'stale-database': ['rejected'],
  'future-database': ['rejected'],
  'scanner-missing': ['rejected'],
  'finding-blocks': ['rejected'],
  'expired-risk': ['rejected'],
  'no-provenance': ['rejected'],
  'provenance-mismatch': ['rejected'],
  'not-in-pipeline': ['rejected'],
  'tag-moved': ['inconclusive'],
  'bad-public-key': ['badInput'],
  'no-public-key': ['badInput'],
  'verdict-not-passed': ['rejected'],
  'fixture-verdict': ['rejected'],
  'no-signature': ['rejected'],
  'key-mismatch': ['rejected'],
  'no-sbom': ['rejected'],
  'no-verdict': ['rejected'],
  'sbom-altered': ['inconclusive'],
  'sbom-unreadable': ['inconclusive', 'rejected'],
  'vacuous-sbom': ['inconclusive', 'rejected'],
  'sbom-subject-mismatch': ['inconclusive', 'rejected'],
  'evidence-not-written': ['inconclusive'],
  'binary-missing': ['inconclusive'],
  'binary-altered': ['inconclusive'],
  'binary-not-scanned': ['rejected'],
  'not-announced': ['inconclusive'],
  'write-contended': ['inconclusive'],
  'bad-ledger': ['badInput'],
  'bad-ledger-address': ['badInput'],
  'bad-name': ['badInput'],
  'no-branch': ['badInput'],
  unreachable: ['inconclusive'],
  'damaged-clone': ['inconclusive'],
  contended: ['inconclusive'],
  'push-refused': ['inconclusive'],
  'malformed-input': ['badInput'],
  'service-not-published': ['badInput', 'rejected'],
  'unknown-release': ['badInput'],
  'still-there': ['badInput'],
  'manifests-unclear': ['rejected'],
  superseded: ['rejected'],
  'would-remove': ['rejected'],
  'older-release': ['rejected'],
  'no-earlier-release': ['rejected'],
  'manifests-blocked': ['rejected'],
  'manifests-unchecked': ['inconclusive'],
  'no-pull-requests': ['badInput'],
  'proposal-closed': ['rejected'],
  'git-credential-refused': ['rejected'],
  'bad-private-key': ['badInput'],
  'git-host-unreachable': ['inconclusive'],
  'aws-error': ['inconclusive'],
  credentials: ['inconclusive'],
  'no-aws': ['inconclusive'],
  'port-in-use': ['inconclusive'],
  'other-account': ['badInput'],
  'toolbox-failed': ['inconclusive'],
};

const outcome = { exitCode: 1, stdout: '', stderr: '', timedOut: false, seconds: 1 };

test('exit codes are 0, 1, 2, 3 and 64', () => {
  expect(exitCodes).toEqual({ passed: 0, inconclusive: 1, rejected: 2, badInput: 3, usage: 64 });
});

test.each(Object.entries(kindsByCode))('%s fails as %j', (code, kinds) => {
  expect(errorCodes[code as ErrorCode].kinds).toEqual(kinds);
});

test('the table has no other codes', () => {
  expect(Object.keys(errorCodes).sort()).toEqual(Object.keys(kindsByCode).sort());
});

test.each(Object.entries(errorCodes))('%s has a meaning and an action, each one sentence', (_, { meaning, action }) => {
  expect(meaning).toMatch(/^[A-Z`].*\.$/);
  expect(action).toMatch(/^[A-Z`].*\.$/);
});

const sources = sourcesBelow(join(__dirname, '..', '..', 'lib'))
  .concat(sourcesBelow(join(__dirname, '..', '..', 'charts')))
  .join('\n');

test.each(Object.keys(errorCodes))('%s is used', (code) => {
  expect(sources).toContain(`'${code}'`);
});

test.each<[string, Error, number, ErrorCode]>([
  ['inconclusive', inconclusive('failed', 'x'), 1, 'failed'],
  ['rejected', rejected('no-sbom', 'x'), 2, 'no-sbom'],
  ['badInput', badInput('input', 'x'), 3, 'input'],
  ['CatalogError', new CatalogError([]), 3, 'catalog'],
  ['ProgramError', new ProgramError('crane', outcome), 1, 'failed'],
  ['GitError', new GitError('push', { code: 1, stderr: '' }), 1, 'failed'],
  ['LedgerError no-branch', new LedgerError('no-branch', 'x'), 3, 'no-branch'],
  ['LedgerError unreachable', new LedgerError('unreachable', 'x', true), 1, 'unreachable'],
  ['LedgerInputError', new LedgerInputError('a.json', 'x'), 1, 'failed'],
  ['AwsCallError', new AwsCallError('aws-error', 'x', 'AccessDeniedException'), 1, 'aws-error'],
  ['any other error', Object.assign(new Error('x'), { code: 'ENOENT' }), 1, 'unexpected'],
])('%s ends a command with exit code and error code', (_, error, exitCode, code) => {
  expect(failureOf(error)).toEqual({ exitCode, code, message: error.message });
});

test('what is not an error is unexpected', () => {
  expect(failureOf('x')).toEqual({ exitCode: 1, code: 'unexpected', message: 'x' });
  expect(new BowlineError('unexpected', 'x', exitCodes.inconclusive)).toBeInstanceOf(Error);
});

function sourcesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('error-codes.ts'))
    .map((path) => readFileSync(join(directory, path), 'utf8'));
}
