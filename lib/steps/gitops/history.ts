import { type LedgerLocation, type LedgerState, readHistory, releasedDigest, withRepository } from '../../ledger';
import type { CommitSha, Digest } from '../../values';
import { requireValidNames } from './ledger-access';

/** The desired state of a service in an environment, from one commit of the ledger on. */
export interface HistoryEntry {
  /** ISO 8601. */
  readonly when: string;
  /** Commit of the ledger. */
  readonly commit: string;
  /** The writer of the commit; `other`: a person or another tool. */
  readonly change: LedgerState['change'];
  readonly author: string;
  /** Digest of the image; undefined when the service has no release. */
  readonly image: Digest | undefined;
  readonly source: { readonly repository: string; readonly commit: CommitSha } | undefined;
  /** Whether it is the present state. */
  readonly current: boolean;
}

export interface HistoryInput {
  readonly ledger: LedgerLocation;
  readonly service: string;
  readonly environment: string;
}

/** Reads the releases of a service in an environment from the ledger's git history, newest first. */
export async function history(input: HistoryInput): Promise<readonly HistoryEntry[]> {
  requireValidNames(input.environment, input.service);
  const states = await withRepository(input.ledger, (repository) =>
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
