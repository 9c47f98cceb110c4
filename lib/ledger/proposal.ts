import { type ChangeResult, dropUnchanged } from './change';
import type { Decision } from './decide/decision';
import type { LedgerRepository } from './git/repository';
import { LedgerError } from './ledger-error';
import { type ReleaseFile, releasedDigest } from './release-file';
import type { Snapshot } from './snapshot';

/** The branch of a pull request. It is the same for every attempt to promote the same release. */
export function proposalBranch(release: ReleaseFile): string {
  return `bowline/${release.environment}/${release.service}/${releasedDigest(release).slice(7, 19)}`;
}

/**
 * Like {@link changeLedger}, but pushes the change to a separate branch, also by fast-forward. If the branch already contains the change, it
 * is not modified, and `commit` is its tip. If the ledger has since changed the release that the branch replaces, because the branch was merged
 * and another release followed, or because another was faster, the change is proposed again: on HEAD, and after the old tip.
 * @param paths the paths that the decision depends on
 * @param released the file of the release, among them
 * @throws LedgerError if the ledger cannot be reached or rejects the push
 */
export async function proposeChange<Detail>(
  repository: LedgerRepository,
  paths: readonly string[],
  { branch, released }: { readonly branch: string; readonly released: readonly string[] },
  decide: (head: Snapshot) => Decision<Detail>,
): Promise<ChangeResult<Detail> & { readonly proposed?: boolean }> {
  let lastFailure = '';
  for (let attempt = 1; attempt <= 5; attempt++) {
    const head = await repository.read(paths);
    const decision = decide(head);
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
    const tip = await repository.fetchBranchTip(branch);
    // A branch of which main has changed the release since was merged, or cannot be merged any more. Its change is proposed again on today's HEAD.
    const outdated = tip !== undefined && (await repository.hasChangedSince(tip, branch, released));
    const base = tip === undefined || outdated ? head : { commit: tip, files: await repository.filesAt(tip, paths) };
    const { files, deletes } = dropUnchanged(decision, base);
    const result = { ok: true, notes, detail, attempts: attempt, proposed: true } as const;
    if (files.size === 0 && deletes.length === 0) {
      return { ...result, changed: false, commit: base.commit };
    }
    const content = { files, deletes, message: decision.message };
    const commit = await repository.commit(base.commit, content, outdated ? tip : undefined);
    const outcome = await repository.push(commit, branch);
    switch (outcome.kind) {
      case 'pushed':
        return { ...result, changed: true, commit };
      case 'rejected':
        throw new LedgerError(
          'push-refused',
          `the ledger ${repository.displayAddress} refused a push to ${branch}: ${outcome.reason}`,
          false,
          outcome.byRemote,
        );
      case 'conflict':
      case 'unknown':
        lastFailure = outcome.reason;
    }
  }
  throw new LedgerError(
    'contended',
    `cannot write to the branch ${branch} of the ledger ${repository.displayAddress}: ${lastFailure}. Run the command again.`,
  );
}
