import type { Digest } from '../values';
import { type ChangeKind, changeTrailer } from './git/commit-message';
import type { LedgerRepository } from './git/repository';
import { parseReleaseInput } from './inputs';
import { releasePath, servicePath } from './layout';
import { type ReleaseFile, releasedDigest } from './release-file';

/** What the ledger said of a service in an environment, from one commit on. */
export interface LedgerState {
  readonly commit: string;
  /** Commit time, ISO 8601. */
  readonly when: string;
  readonly change: ChangeKind | 'other';
  readonly author: string;
  readonly subject: string;
  /** The description, as it stood; undefined where there was none. */
  readonly serviceText: string | undefined;
  /** What was to run; undefined where there was no release, or one that can't be read. */
  readonly release: ReleaseFile | undefined;
  readonly releaseText: string | undefined;
}

/** Every state of a service in an environment, newest first, along the branch's own line. */
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
  const texts = await repository.texts(commits.flatMap(([commit]) => paths.map((path) => `${commit}:${path}`)));
  return commits.map(([commit = '', when = '', change = '', author = '', subject = ''], index) => {
    const [serviceText, releaseText] = texts.slice(index * 2, index * 2 + 2);
    const release = releaseText === undefined ? undefined : readable(environment, service, releaseText);
    return { commit, when, change: changeKind(change), author, subject, serviceText, release, releaseText };
  });
}

/**
 * The releases that a service can go back through, oldest first, the present one last. Going back to a release takes those after it
 * off the list: so a second rollback goes further back, and never forward again to what was just left. A promotion of an image that has
 * run before (a reverted commit builds the same one) is a release like any other.
 * @param states newest first.
 */
export function rollbackCandidates(states: readonly LedgerState[]): readonly LedgerState[] {
  const stack: LedgerState[] = [];
  for (const state of [...states].reverse()) {
    if (!state.release) {
      // Taken out of the ledger: what ran before is no default to go back to.
      if (state.releaseText === undefined) {
        stack.length = 0;
      }
      continue;
    }
    const digest = releasedDigest(state.release);
    const at = stack.findLastIndex((earlier) => earlier.release && releasedDigest(earlier.release) === digest);
    // An image that is promoted anew comes after what ran in between; a rollback, and whatever people do to the ledger by hand, goes back.
    const comesAfter = at < 0 || (state.change === 'promote' && at < stack.length - 1);
    stack.splice(comesAfter ? stack.length : at, stack.length, state);
  }
  return stack;
}

/** Which release to go back to: the one named, or the one before the present one. */
export type RollbackChoice =
  | { readonly ok: true; readonly state: LedgerState & { readonly release: ReleaseFile } }
  | { readonly ok: false; readonly code: 'no-earlier-release' | 'unknown-release'; readonly why: string };

/** @param to a digest, or at least the first eight of its hexadecimal digits. */
export function chooseRelease(states: readonly LedgerState[], to: string | undefined): RollbackChoice {
  const known = states.filter((state): state is LedgerState & { release: ReleaseFile } => state.release !== undefined);
  if (to === undefined) {
    const state = rollbackCandidates(states).at(-2);
    return state?.release
      ? { ok: true, state: { ...state, release: state.release } }
      : { ok: false, code: 'no-earlier-release', why: `there is no earlier release to go back to${listed(known)}` };
  }
  const hex = to.replace(/^sha256:/, '');
  if (!/^[0-9a-f]{8,64}$/.test(hex)) {
    return {
      ok: false,
      code: 'unknown-release',
      why: `a release is named by its image digest, or at least the first eight of its hexadecimal digits, got: ${JSON.stringify(to)}`,
    };
  }
  const found = known.filter((state) => releasedDigest(state.release).slice('sha256:'.length).startsWith(hex));
  const digests = new Set<Digest>(found.map((state) => releasedDigest(state.release)));
  const [state] = found;
  if (!state || digests.size > 1) {
    const what =
      digests.size > 1 ? `${to} names ${digests.size} releases` : `no release ${to} is in the ledger's history`;
    return { ok: false, code: 'unknown-release', why: `${what}${listed(known)}` };
  }
  return { ok: true, state };
}

function listed(states: readonly { readonly release: ReleaseFile }[]): string {
  const digests = [...new Set(states.map((state) => releasedDigest(state.release)))];
  return digests.length === 0 ? ' (it has had none)' : ` (it has had: ${digests.slice(0, 10).join(', ')})`;
}

function changeKind(text: string): ChangeKind | 'other' {
  return text === 'promote' || text === 'publish' || text === 'rollback' ? text : 'other';
}

function readable(environment: string, service: string, text: string): ReleaseFile | undefined {
  try {
    return parseReleaseInput(environment, service, text);
  } catch {
    return undefined;
  }
}
