import {
  type ChangeOptions,
  changeLedger,
  decidePromotion,
  type LedgerLocation,
  pathsOfService,
  type RefusalCode,
  type ReleaseFile,
  type Renderer,
} from '../ledger';
import { type CommitSha, commitSha } from '../values';
import { requireNames, withLedger } from './ledger-access';

export interface LedgerPromotion {
  readonly ledger: LedgerLocation;
  /** What should run, where: names the service and the environment too. */
  readonly release: ReleaseFile;
  readonly renderer: Renderer;
  readonly options?: ChangeOptions;
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
    }
  | { readonly ok: false; readonly code: RefusalCode; readonly why: string };

/**
 * Writes a release into the ledger: its file and the rendering of that service alone, by compare-and-swap. What the ledger already
 * says is not written again. If another writer changes what the service runs meanwhile, the promotion is dropped (`moved-on`).
 * @throws LedgerError when the ledger can't be reached, refuses the push, or stays contended.
 */
export async function promoteToLedger(promotion: LedgerPromotion): Promise<LedgerPromotionResult> {
  const { release, renderer } = promotion;
  requireNames(release.environment, release.service);
  return withLedger(promotion.ledger, async (repository) => {
    let judgedAgainst: { readonly image: string | undefined } | undefined;
    const result = await changeLedger(
      repository,
      pathsOfService(release.environment, release.service),
      (head) => {
        const decision = decidePromotion(head, { release, ...(judgedAgainst ? { judgedAgainst } : {}) }, renderer);
        if (decision.kind !== 'refuse') {
          judgedAgainst ??= { image: decision.detail.previous?.image };
        }
        return decision;
      },
      promotion.options,
    );
    if (!result.ok) {
      return result;
    }
    const previous = result.detail.previous?.image;
    return {
      ok: true,
      changed: result.changed,
      commit: commitSha(result.commit ?? ''),
      ...(previous === undefined ? {} : { previous }),
      notes: result.notes,
      attempts: result.attempts,
    };
  });
}
