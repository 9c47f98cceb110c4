import { type GitResult, lastLines } from './run-git';

/** How a push ended. */
export type PushOutcome =
  | { readonly kind: 'landed' }
  /** The remote moved between our look and our push. */
  | { readonly kind: 'conflict'; readonly why: string }
  /** The connection broke: it may have landed or not. */
  | { readonly kind: 'unclear'; readonly why: string }
  /** The remote does not want it, and will not want it next time. */
  | { readonly kind: 'rejected'; readonly why: string };

/** Connection trouble, in the words of git, curl and ssh. */
const transientWords =
  /could(?: not|n't) resolve host|connection (?:reset|refused|timed out|closed)|failed to connect|operation (?:timed out|too slow)|timed out after|early eof|rpc failed|hung up unexpectedly|unexpected disconnect|returned error: (?:5\d\d|429)|temporary failure|network is unreachable|gnutls|ssl_(?:read|connect|error)|(?:kex|ssh)_exchange_identification|expected flush after ref listing/i;

/** The words of push and of receive-pack when the branch is not where it was, or another push holds it just now. */
const conflictWords =
  /non-fast-forward|fetch first|cannot lock ref|failed to update ref|incorrect old value|reference already exists|stale info|needs update|failed to lock/i;

/** Whether a failed command may succeed next time. */
export function isTransient(stderr: string): boolean {
  return transientWords.test(stderr);
}

/** Reads the answer of `git push --porcelain` of one branch (git-push(1), "OUTPUT"). */
export function pushOutcome(result: GitResult): PushOutcome {
  if (result.code === 0) {
    return { kind: 'landed' };
  }
  const said = result.stdout.toString('utf8');
  const reason = /^!\t[^\t]*\t\[(?:remote )?rejected\] \((.*)\)$/m.exec(said)?.[1];
  if (reason !== undefined) {
    return conflictWords.test(reason)
      ? { kind: 'conflict', why: reason }
      : { kind: 'rejected', why: `${reason}\n${lastLines(result.stderr)}` };
  }
  if (/^!\t.*\[remote failure\]/m.test(said) || isTransient(result.stderr)) {
    return { kind: 'unclear', why: lastLines(result.stderr) };
  }
  return { kind: 'rejected', why: lastLines(result.stderr) };
}
