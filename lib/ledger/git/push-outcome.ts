import { type GitResult, lastLines } from './run-git';

/** The outcome of a push. */
export type PushOutcome =
  | { readonly kind: 'pushed' }
  /** The branch moved between the read and the push. */
  | { readonly kind: 'conflict'; readonly reason: string }
  /** The connection broke. The push may have succeeded. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /** The push failed. A retry fails as well. `byRemote`: the ledger itself said why. */
  | { readonly kind: 'rejected'; readonly reason: string; readonly byRemote: boolean };

/** Messages of git, curl and ssh that indicate a connection problem. */
const transientErrors =
  /could(?: not|n't) resolve host|connection (?:reset|refused|timed out|closed)|failed to connect|operation (?:timed out|too slow)|timed out after|early eof|rpc failed|hung up unexpectedly|unexpected disconnect|returned error: (?:5\d\d|429)|temporary failure|network is unreachable|gnutls|ssl_(?:read|connect|error)|(?:kex|ssh)_exchange_identification|expected flush after ref listing/i;

/** Messages of git push and receive-pack that indicate that the branch moved or that another push has locked it. */
const conflictErrors =
  /non-fast-forward|fetch first|cannot lock ref|failed to update ref|incorrect old value|reference already exists|stale info|needs update|failed to lock/i;

/** Whether a retry of a failed command may succeed. */
export function isTransient(stderr: string): boolean {
  return transientErrors.test(stderr);
}

/** Parses the output of `git push --porcelain` for one branch (git-push(1), "OUTPUT"). */
export function parsePushOutcome(result: GitResult): PushOutcome {
  if (result.code === 0) {
    return { kind: 'pushed' };
  }
  const output = result.stdout.toString('utf8');
  const reason = /^!\t[^\t]*\t\[(?:remote )?rejected\] \((.*)\)$/m.exec(output)?.[1];
  if (reason !== undefined) {
    return conflictErrors.test(reason)
      ? { kind: 'conflict', reason: reason }
      : { kind: 'rejected', reason: `${reason}\n${lastLines(result.stderr)}`, byRemote: !/unpack/i.test(reason) };
  }
  if (/^!\t.*\[remote failure\]/m.test(output) || isTransient(result.stderr)) {
    return { kind: 'unknown', reason: lastLines(result.stderr) };
  }
  return { kind: 'rejected', reason: lastLines(result.stderr), byRemote: false };
}
