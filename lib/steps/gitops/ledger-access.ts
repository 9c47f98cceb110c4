import { LedgerError, type LedgerLocation, LedgerRepository, type Refusal, servicePath } from '../../ledger';
import { badInput, refused, type VerbError } from '../step-error';

/**
 * Opens the ledger for one piece of work, and tidies up after it.
 * @throws VerbError exit 3 for an address or a branch that is none
 */
export async function withLedger<T>(
  location: LedgerLocation,
  work: (repository: LedgerRepository) => Promise<T>,
): Promise<T> {
  let repository: LedgerRepository;
  try {
    repository = await LedgerRepository.open(location);
  } catch (error) {
    throw error instanceof Error && error.name === 'Error' ? badInput('bad-ledger', error.message) : error;
  }
  try {
    return await work(repository);
  } catch (error) {
    throw error instanceof LedgerError && error.code === 'no-branch' ? badInput(error.code, error.message) : error;
  } finally {
    await repository.close();
  }
}

/** Names that the ledger's layout takes, before anything else is done with them. @throws VerbError `bad-name`, exit 3 */
export function requireNames(environment: string, service: string): void {
  try {
    servicePath(environment, service);
  } catch (error) {
    throw badInput('bad-name', error instanceof Error ? error.message : String(error));
  }
}

/** A refusal of the ledger as the end of a verb: exit 3 where the request is wrong, 2 where the ledger says no. */
export function refusalError(refusal: Pick<Refusal, 'code' | 'why'>): VerbError {
  switch (refusal.code) {
    case 'malformed-input':
    case 'service-not-published':
    case 'unknown-release':
    case 'still-there':
      return badInput(refusal.code, refusal.why);
    case 'manifests-unclear':
    case 'moved-on':
    case 'would-lose':
    case 'no-earlier-release':
      return refused(refusal.code, refusal.why);
  }
}
