import { type LedgerLocation, type LedgerState, readHistory, releasedDigest } from '../../ledger';
import type { CommitSha, Digest } from '../../values';
import { requireNames, withLedger } from './ledger-access';

/** What a service was to run in an environment, from one commit of the ledger on. */
export interface HistoryEntry {
  /** ISO 8601. */
  readonly when: string;
  /** Commit of the ledger. */
  readonly commit: string;
  /** Which writer made it; `other`: a person, or another tool. */
  readonly change: LedgerState['change'];
  readonly author: string;
  /** Digest of the image; undefined: nothing was to run. */
  readonly image: Digest | undefined;
  readonly source: { readonly repository: string; readonly commit: CommitSha } | undefined;
  /** Whether it is what the ledger says now. */
  readonly current: boolean;
}

export interface HistoryInput {
  readonly ledger: LedgerLocation;
  readonly service: string;
  readonly environment: string;
}

/** What a service was to run in an environment, newest first, out of the ledger's own history. */
export async function history(input: HistoryInput): Promise<readonly HistoryEntry[]> {
  requireNames(input.environment, input.service);
  const states = await withLedger(input.ledger, (repository) =>
    readHistory(repository, input.environment, input.service),
  );
  return states.map((state, index) => ({
    when: state.when,
    commit: state.commit,
    change: state.change,
    author: state.author,
    image: state.release && releasedDigest(state.release),
    source: state.release?.source,
    current: index === 0,
  }));
}
