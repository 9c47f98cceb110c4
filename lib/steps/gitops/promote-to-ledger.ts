import {
  type ChangeOptions,
  changeLedger,
  decidePromotion,
  type LedgerLocation,
  pathsOfService,
  proposalBranch,
  proposeChange,
  type RefusalCode,
  type ReleaseFile,
  type Renderer,
  releasedDigest,
  type Snapshot,
} from '../../ledger';
import { type CommitSha, commitSha } from '../../values';
import type { GitHost, Proposal, PullRequest } from './git-host';
import { requireNames, withLedger } from './ledger-access';

export interface LedgerPromotion {
  readonly ledger: LedgerLocation;
  /** What should run, where: names the service and the environment too. */
  readonly release: ReleaseFile;
  readonly renderer: Renderer;
  readonly options?: ChangeOptions;
  /** Where a pull request is opened, instead of a push to the ledger's branch. */
  readonly proposeAt?: GitHost;
}

/** How a promotion ended in the ledger. `notes` are sentences for people. */
export type LedgerPromotionResult =
  | {
      readonly ok: true;
      /** Whether a commit was made. False: HEAD says so already. */
      readonly changed: boolean;
      /** The commit made, or HEAD. */
      readonly commit: CommitSha;
      /** The image that ran before, if any. */
      readonly previous?: string;
      readonly notes: readonly string[];
      readonly attempts: number;
      /** The pull request that waits for somebody. Nothing is in the ledger's branch before it is merged. */
      readonly pullRequest?: PullRequest;
    }
  | { readonly ok: false; readonly code: RefusalCode; readonly reason: string };

/**
 * Writes a release into the ledger: its file and the rendering of that service alone, by compare-and-swap. What the ledger already
 * says is not written again. If another writer changes what the service runs meanwhile, the promotion is dropped (`superseded`).
 * @throws LedgerError when the ledger can't be reached, refuses the push, or stays contended.
 */
export async function promoteToLedger(promotion: LedgerPromotion): Promise<LedgerPromotionResult> {
  const { release, renderer } = promotion;
  requireNames(release.environment, release.service);
  return withLedger(promotion.ledger, async (repository) => {
    let expectedPrevious: { readonly image: string | undefined } | undefined;
    const paths = pathsOfService(release.environment, release.service);
    const decide = (head: Snapshot) => {
      const decision = decidePromotion(head, { release, ...(expectedPrevious ? { expectedPrevious } : {}) }, renderer);
      if (decision.kind !== 'refuse') {
        expectedPrevious ??= { image: decision.detail.previous?.image };
      }
      return decision;
    };
    const branch = proposalBranch(release);
    const result =
      promotion.proposeAt === undefined
        ? await changeLedger(repository, paths, decide, promotion.options)
        : await proposeChange(repository, paths, branch, decide);
    if (!result.ok) {
      return result;
    }
    const previous = result.detail.previous?.image;
    const pullRequest =
      'proposed' in result
        ? await promotion.proposeAt?.propose(proposalOf(release, branch, repository.branch))
        : undefined;
    return {
      ok: true,
      changed: result.changed,
      commit: commitSha(result.commit ?? ''),
      ...(previous === undefined ? {} : { previous }),
      notes: result.notes,
      attempts: result.attempts,
      ...(pullRequest === undefined ? {} : { pullRequest }),
    };
  });
}

function proposalOf(release: ReleaseFile, branch: string, into: string): Proposal {
  const { service, environment, image, source } = release;
  return {
    branch,
    into,
    title: `Promote ${service} to ${environment}: ${releasedDigest(release).slice(7, 19)}`,
    body: [
      `Merging this releases \`${image}\` to ${environment}.`,
      `Source: ${source.repository} at ${source.commit}. Signature, SBOMs and verdict were verified before this was opened.`,
      'Close it to keep the release out: nothing opens it again.',
    ].join('\n\n'),
  };
}
