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
  releasePath,
  type Snapshot,
  withRepository,
} from '../../ledger';
import { type CommitSha, commitSha } from '../../values';
import { type GitHost, type Proposal, type PullRequest, replacesLine } from './git-host';
import { requireValidNames } from './ledger-access';

export interface LedgerPromotion {
  readonly ledger: LedgerLocation;
  /** Names the image, the service and the environment. */
  readonly release: ReleaseFile;
  readonly renderer: Renderer;
  readonly options?: ChangeOptions;
  /** Opens a pull request here instead of pushing to the ledger's branch. */
  readonly pullRequestHost?: GitHost;
}

/** The result of a promotion in the ledger. `notes` are sentences for people. */
export type LedgerPromotionResult =
  | {
      readonly ok: true;
      /** Whether a commit was made. False when HEAD has the release already. */
      readonly changed: boolean;
      /** The new commit, or HEAD. */
      readonly commit: CommitSha;
      /** The previous image, if any. */
      readonly previous?: string;
      readonly notes: readonly string[];
      readonly attempts: number;
      /** The open pull request. The ledger's branch does not change until it is merged. */
      readonly pullRequest?: PullRequest;
    }
  | { readonly ok: false; readonly code: RefusalCode; readonly reason: string };

/**
 * Writes a release to the ledger by compare-and-swap: its file and the manifests of that service. A release that the ledger already has is not
 * written again. If another writer changes the service's release meanwhile, the promotion is dropped (`superseded`).
 * @throws LedgerError when the ledger cannot be reached, does not accept the push, or stays contended
 */
export async function promoteToLedger(promotion: LedgerPromotion): Promise<LedgerPromotionResult> {
  const { release, renderer } = promotion;
  requireValidNames(release.environment, release.service);
  return withRepository(promotion.ledger, async (repository) => {
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
    const released = [releasePath(release.environment, release.service)];
    const result =
      promotion.pullRequestHost === undefined
        ? await changeLedger(repository, paths, decide, promotion.options)
        : await proposeChange(repository, paths, { branch, released }, decide);
    if (!result.ok) {
      return result;
    }
    const previous = result.detail.previous?.image;
    const pullRequest =
      'proposed' in result
        ? await promotion.pullRequestHost?.propose(
            proposalOf(release, result.detail.previous, { branch, into: repository.branch }),
          )
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

function proposalOf(
  release: ReleaseFile,
  previous: ReleaseFile | undefined,
  at: Pick<Proposal, 'branch' | 'into'>,
): Proposal {
  const { service, environment, image, source } = release;
  const replaces = previous === undefined ? undefined : releasedDigest(previous);
  return {
    ...at,
    replaces,
    title: `Promote ${service} to ${environment}: ${releasedDigest(release).slice(7, 19)}`,
    body: [
      `Merging this releases \`${image}\` to ${environment}.`,
      `Source: ${source.repository} at ${source.commit}. Bowline verified signature, SBOMs and verdict before it opened this pull request.`,
      'To reject the release, close this pull request: Bowline does not open it again while the same image runs.',
      replacesLine(replaces),
    ].join('\n\n'),
  };
}
