import { type BowlineError, badInput, rejected } from '../../errors';
import { type LedgerLocation, LedgerRepository, type Refusal, servicePath } from '../../ledger';

/**
 * Opens the ledger for one piece of work, and closes it afterwards.
 * @throws BowlineError `bad-ledger`, `no-branch` (exit 3)
 */
export async function withLedger<T>(
  location: LedgerLocation,
  work: (repository: LedgerRepository) => Promise<T>,
): Promise<T> {
  const repository = await LedgerRepository.open(location);
  try {
    return await work(repository);
  } finally {
    await repository.close();
  }
}

/** Names that the ledger's layout takes, before anything else is done with them. @throws BowlineError `bad-name`, exit 3 */
export function requireNames(environment: string, service: string): void {
  try {
    servicePath(environment, service);
  } catch (error) {
    throw badInput('bad-name', error instanceof Error ? error.message : String(error));
  }
}

/** A refusal of the ledger as the end of a verb: exit 3 where the request is wrong, 2 where the ledger says no. */
export function refusalError(refusal: Pick<Refusal, 'code' | 'reason'>): BowlineError {
  switch (refusal.code) {
    case 'malformed-input':
    case 'service-not-published':
    case 'unknown-release':
    case 'still-there':
      return badInput(refusal.code, refusal.reason);
    case 'manifests-unclear':
    case 'superseded':
    case 'would-remove':
    case 'no-earlier-release':
      return rejected(refusal.code, refusal.reason);
  }
}
