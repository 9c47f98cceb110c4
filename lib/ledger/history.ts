import { type Digest, hexOf } from '../values';
import { type ChangeKind, changeTrailer } from './git/commit-message';
import type { LedgerRepository } from './git/repository';
import { parseReleaseInput } from './inputs';
import { releasePath, servicePath } from './layout';
import { type ReleaseFile, releasedDigest } from './release-file';

/** The state of a service in an environment after one ledger commit. */
export interface LedgerState {
  readonly commit: string;
  /** Commit time, ISO 8601. */
  readonly when: string;
  readonly change: ChangeKind | 'other';
  readonly author: string;
  readonly subject: string;
  /** The description of the service. Undefined if there was none. */
  readonly serviceText: string | undefined;
  /** The release. Undefined if there was none or if it cannot be parsed. */
  readonly release: ReleaseFile | undefined;
  readonly releaseText: string | undefined;
}

/** Reads all states of a service in an environment, newest first. Follows first parents only. */
export async function readHistory(
  repository: LedgerRepository,
  environment: string,
  service: string,
): Promise<readonly LedgerState[]> {
  const head = await repository.fetchHistory();
  if (head === undefined) {
    return [];
  }
  const paths = [servicePath(environment, service), releasePath(environment, service)];
  const trailer = `%(trailers:key=${changeTrailer},valueonly,separator=%x2C)`;
  const commits = await repository.log(head, ['%H', '%cI', trailer, '%an', '%s'], paths);
  const texts = await repository.readFiles(commits.flatMap(([commit = '']) => paths.map((path) => ({ commit, path }))));
  return commits.map(([commit = '', when = '', change = '', author = '', subject = ''], index) => {
    const [serviceText, releaseText] = texts.slice(index * 2, index * 2 + 2);
    const release = releaseText === undefined ? undefined : tryParseRelease(environment, service, releaseText);
    return { commit, when, change: parseChangeKind(change), author, subject, serviceText, release, releaseText };
  });
}

/**
 * The releases that a service can roll back to, oldest first. The last one is the current release. A rollback removes the releases after its
 * target from the list, so that a second rollback goes further back and never returns to the release that was just left. A promotion of an
 * image that ran before (a reverted commit builds the same image) counts as a new release.
 * @param states newest first
 */
export function rollbackCandidates(states: readonly LedgerState[]): readonly LedgerState[] {
  const stack: LedgerState[] = [];
  for (const state of [...states].reverse()) {
    if (!state.release) {
      // The service was removed from the ledger: do not roll back to releases before the removal.
      if (state.releaseText === undefined) {
        stack.length = 0;
      }
      continue;
    }
    const digest = releasedDigest(state.release);
    const index = stack.findLastIndex((earlier) => earlier.release && releasedDigest(earlier.release) === digest);
    // A promotion appends. A rollback, or a manual edit that restores an earlier image, truncates.
    const isNewRelease = index < 0 || (state.change === 'promote' && index < stack.length - 1);
    stack.splice(isNewRelease ? stack.length : index, stack.length, state);
  }
  return stack;
}

/** The target of a rollback: the requested release, or the one before the current release. */
export type RollbackChoice =
  | { readonly ok: true; readonly state: LedgerState & { readonly release: ReleaseFile } }
  | { readonly ok: false; readonly code: 'no-earlier-release' | 'unknown-release'; readonly reason: string };

/** @param to an image digest, or at least its first eight hexadecimal digits */
export function chooseRelease(states: readonly LedgerState[], to: string | undefined): RollbackChoice {
  const known = states.filter((state): state is LedgerState & { release: ReleaseFile } => state.release !== undefined);
  if (to === undefined) {
    const state = rollbackCandidates(states).at(-2);
    return state?.release
      ? { ok: true, state: { ...state, release: state.release } }
      : { ok: false, code: 'no-earlier-release', reason: `the history has no earlier release${formatReleases(known)}` };
  }
  const hex = to.replace(/^sha256:/, '');
  if (!/^[0-9a-f]{8,64}$/.test(hex)) {
    return {
      ok: false,
      code: 'unknown-release',
      reason: `a release must be an image digest or at least its first eight hexadecimal digits, got: ${JSON.stringify(to)}`,
    };
  }
  const matches = known.filter((state) => hexOf(releasedDigest(state.release)).startsWith(hex));
  const digests = new Set<Digest>(matches.map((state) => releasedDigest(state.release)));
  const [state] = matches;
  if (!state || digests.size > 1) {
    const problem = digests.size > 1 ? `${to} matches ${digests.size} releases` : `the history has no release ${to}`;
    return { ok: false, code: 'unknown-release', reason: `${problem}${formatReleases(known)}` };
  }
  return { ok: true, state };
}

function formatReleases(states: readonly { readonly release: ReleaseFile }[]): string {
  const digests = [...new Set(states.map((state) => releasedDigest(state.release)))];
  return digests.length === 0 ? ' (no known releases)' : ` (known releases: ${digests.slice(0, 10).join(', ')})`;
}

function parseChangeKind(text: string): ChangeKind | 'other' {
  return text === 'promote' || text === 'publish' || text === 'rollback' ? text : 'other';
}

function tryParseRelease(environment: string, service: string, text: string): ReleaseFile | undefined {
  try {
    return parseReleaseInput(environment, service, text);
  } catch {
    return undefined;
  }
}
