import { setTimeout as wait } from 'node:timers/promises';
import type { Decision, RefusalCode } from './decide/decision';
import type { PushOutcome } from './git/push-outcome';
import type { LedgerRepository } from './git/repository';
import { parseLedgerPath } from './layout';
import { LedgerError } from './ledger-error';
import type { Snapshot } from './snapshot';

export interface ChangeOptions {
  /** Most attempts; at least 10. Default 40. */
  readonly attempts?: number;
  /** Most seconds spent waiting between attempts, in all; at most 60, the default. */
  readonly patienceSeconds?: number;
  /** For tests. */
  readonly random?: () => number;
}

/** How a change to the ledger ended. */
export type ChangeResult<Detail> =
  | {
      readonly ok: true;
      /** Whether this change made a commit. */
      readonly changed: boolean;
      /** The commit made, or HEAD as it was judged; undefined only in a repository that is still empty. */
      readonly commit: string | undefined;
      /** Why nothing was written. */
      readonly why?: string;
      readonly notes: readonly string[];
      readonly detail: Detail;
      readonly attempts: number;
    }
  | { readonly ok: false; readonly code: RefusalCode; readonly why: string };

/**
 * The ledger's one writer: read HEAD, judge, commit, offer it by a fast-forward push; when the ledger has moved, read and judge again.
 * So a change that is no longer true is dropped, and nobody else's is lost.
 * @param paths the part of the ledger that the decision looks at.
 * @throws LedgerError when the ledger can't be reached, refuses the push, or stays contended.
 */
export async function changeLedger<Detail>(
  repository: LedgerRepository,
  paths: readonly string[],
  decide: (head: Snapshot) => Decision<Detail> | Promise<Decision<Detail>>,
  options: ChangeOptions = {},
): Promise<ChangeResult<Detail>> {
  const attempts = Math.max(10, options.attempts ?? 40);
  const pause = backoff(Math.min(60, options.patienceSeconds ?? 60), options.random ?? Math.random);
  // A push may land although its answer says otherwise: the answer is lost, or git's transport offers the commit twice.
  const offered = new Map<string, ChangeResult<Detail>>();
  let last = '';
  for (let attempt = 1; attempt <= attempts; attempt++) {
    let head: Snapshot;
    try {
      head = await repository.read(paths);
    } catch (error) {
      if (error instanceof LedgerError && error.transient && attempt < attempts && (await pause())) {
        last = error.message;
        continue;
      }
      throw error;
    }
    for (const [commit, result] of offered) {
      if (head.commit !== undefined && (await repository.contains(head.commit, commit))) {
        return result;
      }
    }
    const decision = await decide(head);
    if (decision.kind === 'refuse') {
      return { ok: false, code: decision.code, why: decision.why };
    }
    const { notes, detail } = decision;
    if (decision.kind === 'nothing') {
      return { ok: true, changed: false, commit: head.commit, why: decision.why, notes, detail, attempts: attempt };
    }
    const { files, deletes } = effective(decision, head);
    if (files.size === 0 && deletes.length === 0) {
      const why = 'the ledger already says so';
      return { ok: true, changed: false, commit: head.commit, why, notes, detail, attempts: attempt };
    }
    const commit = await repository.commit(head.commit, { files, deletes, message: decision.message });
    const outcome: PushOutcome = await repository.push(commit);
    const result: ChangeResult<Detail> = { ok: true, changed: true, commit, notes, detail, attempts: attempt };
    if (outcome.kind === 'landed') {
      return result;
    }
    if (outcome.kind === 'rejected') {
      throw new LedgerError(
        'rejected',
        `the ledger ${repository.shownAddress} did not take a push to ${repository.branch}: ${outcome.why}`,
      );
    }
    offered.set(commit, result);
    last = outcome.why;
    if (!(await pause())) {
      break;
    }
  }
  throw new LedgerError(
    'contended',
    `the ledger ${repository.shownAddress} could not be written: ${last}. Nothing of this change is in it; the same command can be run again.`,
  );
}

/** Drops what HEAD has already, and lets nothing out of the layout. */
export function effective(
  decision: { readonly files: ReadonlyMap<string, string>; readonly deletes: readonly string[] },
  head: Pick<Snapshot, 'files'>,
): { readonly files: ReadonlyMap<string, string>; readonly deletes: readonly string[] } {
  for (const path of [...decision.files.keys(), ...decision.deletes]) {
    if (parseLedgerPath(path) === undefined) {
      throw new Error(`${JSON.stringify(path)} is no file of the ledger`);
    }
  }
  return {
    files: new Map([...decision.files].filter(([path, text]) => head.files.get(path) !== text)),
    deletes: decision.deletes.filter((path) => head.files.has(path) && !decision.files.has(path)),
  };
}

/** Full jitter: a random wait up to a bound that doubles, 50 ms to 5 s. Says false when the patience is used up. */
function backoff(patienceSeconds: number, random: () => number): () => Promise<boolean> {
  let bound = 0.05;
  let spent = 0;
  return async () => {
    const seconds = Math.min(random() * bound, patienceSeconds - spent);
    if (seconds <= 0 && spent >= patienceSeconds) {
      return false;
    }
    await wait(seconds * 1000);
    spent += seconds;
    bound = Math.min(5, bound * 2);
    return true;
  };
}
