import { setTimeout as wait } from 'node:timers/promises';
import type { Decision, RefusalCode } from './decide/decision';
import type { PushOutcome } from './git/push-outcome';
import type { LedgerRepository } from './git/repository';
import { parseLedgerPath } from './layout';
import { LedgerError } from './ledger-error';
import type { Snapshot } from './snapshot';

export interface ChangeOptions {
  /** Maximum number of attempts, at least 10. Default 40. */
  readonly attempts?: number;
  /** Maximum total wait time between attempts, in seconds. Default and maximum: 60. */
  readonly maxWaitSeconds?: number;
  /** For tests. */
  readonly random?: () => number;
}

/** The outcome of a change to the ledger. */
export type ChangeResult<Detail> =
  | {
      readonly ok: true;
      /** Whether the change created a commit. */
      readonly changed: boolean;
      /** The created commit, or the HEAD that the decision is based on. Undefined only if the repository is empty. */
      readonly commit: string | undefined;
      /** Why no commit was created. */
      readonly reason?: string;
      readonly notes: readonly string[];
      readonly detail: Detail;
      readonly attempts: number;
    }
  | { readonly ok: false; readonly code: RefusalCode; readonly reason: string };

/**
 * Writes to the ledger by compare-and-swap: read HEAD, decide, commit, and push by fast-forward. If HEAD moved, read and decide again. This
 * drops a change that no longer applies, and never overwrites the change of another writer.
 * @param paths the paths that the decision depends on
 * @throws LedgerError if the ledger cannot be reached, rejects the push, or keeps moving
 */
export async function changeLedger<Detail>(
  repository: LedgerRepository,
  paths: readonly string[],
  decide: (head: Snapshot) => Decision<Detail> | Promise<Decision<Detail>>,
  options: ChangeOptions = {},
): Promise<ChangeResult<Detail>> {
  const attempts = Math.max(10, options.attempts ?? 40);
  const waitForRetry = backoff(Math.min(60, options.maxWaitSeconds ?? 60), options.random ?? Math.random);
  // A push can succeed although it reports a failure: the response is lost, or the transport of git sends the commit twice.
  const pushedCommits = new Map<string, ChangeResult<Detail>>();
  let lastFailure = '';
  for (let attempt = 1; attempt <= attempts; attempt++) {
    let head: Snapshot;
    try {
      head = await repository.read(paths);
    } catch (error) {
      if (error instanceof LedgerError && error.transient && attempt < attempts && (await waitForRetry())) {
        lastFailure = error.message;
        continue;
      }
      throw error;
    }
    for (const [commit, result] of pushedCommits) {
      if (head.commit !== undefined && (await repository.contains(head.commit, commit))) {
        return result;
      }
    }
    const decision = await decide(head);
    if (decision.kind === 'refuse') {
      return { ok: false, code: decision.code, reason: decision.reason };
    }
    const { notes, detail } = decision;
    if (decision.kind === 'nothing') {
      return {
        ok: true,
        changed: false,
        commit: head.commit,
        reason: decision.reason,
        notes,
        detail,
        attempts: attempt,
      };
    }
    const { files, deletes } = dropUnchanged(decision, head);
    if (files.size === 0 && deletes.length === 0) {
      const reason = 'the ledger already contains this change';
      return { ok: true, changed: false, commit: head.commit, reason, notes, detail, attempts: attempt };
    }
    const commit = await repository.commit(head.commit, { files, deletes, message: decision.message });
    const outcome: PushOutcome = await repository.push(commit);
    const result: ChangeResult<Detail> = { ok: true, changed: true, commit, notes, detail, attempts: attempt };
    if (outcome.kind === 'pushed') {
      return result;
    }
    if (outcome.kind === 'rejected') {
      throw new LedgerError(
        'push-refused',
        `the ledger ${repository.displayAddress} refused a push to ${repository.branch}: ${outcome.reason}`,
        false,
        outcome.byRemote,
      );
    }
    pushedCommits.set(commit, result);
    lastFailure = outcome.reason;
    if (!(await waitForRetry())) {
      break;
    }
  }
  throw new LedgerError(
    'contended',
    `cannot write to the ledger ${repository.displayAddress}: ${lastFailure}. The change was not applied. Run the command again.`,
  );
}

/** Drops the files that HEAD already contains. @throws Error if a path is not part of the ledger layout */
export function dropUnchanged(
  decision: { readonly files: ReadonlyMap<string, string>; readonly deletes: readonly string[] },
  head: Pick<Snapshot, 'files'>,
): { readonly files: ReadonlyMap<string, string>; readonly deletes: readonly string[] } {
  for (const path of [...decision.files.keys(), ...decision.deletes]) {
    if (parseLedgerPath(path) === undefined) {
      throw new Error(`${JSON.stringify(path)} is not a file of the ledger`);
    }
  }
  return {
    files: new Map([...decision.files].filter(([path, text]) => head.files.get(path) !== text)),
    deletes: decision.deletes.filter((path) => head.files.has(path) && !decision.files.has(path)),
  };
}

/** Exponential backoff with full jitter, from 50 ms to 5 s. Resolves to false once the maximum wait time is spent. */
function backoff(maxWaitSeconds: number, random: () => number): () => Promise<boolean> {
  let bound = 0.05;
  let spent = 0;
  return async () => {
    const seconds = Math.min(random() * bound, maxWaitSeconds - spent);
    if (seconds <= 0 && spent >= maxWaitSeconds) {
      return false;
    }
    await wait(seconds * 1000);
    spent += seconds;
    bound = Math.min(5, bound * 2);
    return true;
  };
}
