import { type ChangeResult, effective } from './change';
import type { Decision } from './decide/decision';
import type { LedgerRepository } from './git/repository';
import { LedgerError } from './ledger-error';
import { type ReleaseFile, releasedDigest } from './release-file';
import type { Snapshot } from './snapshot';

/** The branch of a release that is proposed: the same release, the same branch, however often it is tried. */
export function proposalBranch(release: ReleaseFile): string {
  return `bowline/${release.environment}/${release.service}/${releasedDigest(release).slice(7, 19)}`;
}

/**
 * Judges HEAD as {@link changeLedger} does, and puts the change onto a branch of its own, by fast-forward like everything else.
 * A branch that says so already is left alone; `commit` is its tip.
 * @param paths the part of the ledger that the decision looks at.
 * @throws LedgerError when the ledger can't be reached or refuses the push
 */
export async function proposeChange<Detail>(
  repository: LedgerRepository,
  paths: readonly string[],
  branch: string,
  decide: (head: Snapshot) => Decision<Detail>,
): Promise<ChangeResult<Detail> & { readonly proposed?: boolean }> {
  let last = '';
  for (let attempt = 1; attempt <= 5; attempt++) {
    const head = await repository.read(paths);
    const decision = decide(head);
    if (decision.kind === 'refuse') {
      return { ok: false, code: decision.code, why: decision.why };
    }
    const { notes, detail } = decision;
    if (decision.kind === 'nothing') {
      return { ok: true, changed: false, commit: head.commit, why: decision.why, notes, detail, attempts: attempt };
    }
    const tip = await repository.tipOf(branch);
    const there = tip === undefined ? head.files : await repository.filesAt(tip, paths);
    const { files, deletes } = effective(decision, { files: there });
    const done = { ok: true, notes, detail, attempts: attempt, proposed: true } as const;
    if (files.size === 0 && deletes.length === 0) {
      return { ...done, changed: false, commit: tip ?? head.commit };
    }
    const commit = await repository.commit(tip ?? head.commit, { files, deletes, message: decision.message });
    const outcome = await repository.push(commit, branch);
    switch (outcome.kind) {
      case 'landed':
        return { ...done, changed: true, commit };
      case 'rejected':
        throw new LedgerError(
          'rejected',
          `the ledger ${repository.shownAddress} did not take a push to ${branch}: ${outcome.why}`,
        );
      case 'conflict':
      case 'unclear':
        last = outcome.why;
    }
  }
  throw new LedgerError(
    'contended',
    `the branch ${branch} of the ledger ${repository.shownAddress} could not be written: ${last}. The same command can be run again.`,
  );
}
