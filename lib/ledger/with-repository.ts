import { type Clone, createReplacement, openKeptClone, removeFolder, replaceKeptClone } from './git/clone';
import { type LedgerLocation, parseBranchName, parseRepositoryAddress, removeCredentials } from './git/location';
import { LedgerRepository } from './git/repository';
import { GitError } from './git/run-git';
import { LedgerError } from './ledger-error';

/**
 * Opens the ledger, runs `work` and closes the ledger again. If `work` fails in a kept clone although the ledger can be cloned, the clone is at
 * fault, whatever its damage: it is replaced by the new one, and `work` runs again there. `work` must therefore be repeatable, as a
 * compare-and-swap is.
 * @throws BowlineError `bad-ledger`, `no-branch` (exit 3), and what `work` throws
 */
export async function withRepository<T>(
  location: LedgerLocation,
  work: (repository: LedgerRepository) => Promise<T>,
): Promise<T> {
  const address = parseRepositoryAddress(location.repository);
  parseBranchName(location.branch ?? 'main');
  const { cache, onNotice = () => undefined } = location;
  const shown = removeCredentials(address);
  if (cache === undefined) {
    return useRepository(await LedgerRepository.open(location), work);
  }
  const replaced = (directory: string, reason: string) =>
    onNotice(
      `the kept clone of the ledger ${shown} in ${directory} was damaged (${reason}): it was deleted, and the ledger was cloned again`,
    );
  let kept: Clone;
  try {
    kept = await openKeptClone(cache, address, replaced);
  } catch (error) {
    if (!isFileSystemError(error)) {
      throw error;
    }
    onNotice(`no clone of the ledger ${shown} can be kept in ${cache} (${error.message}): a temporary one was used`);
    return useRepository(await LedgerRepository.open(location), work);
  }
  try {
    return await useRepository(await LedgerRepository.open(location, kept), work);
  } catch (error) {
    if (!mayBeDamage(error)) {
      throw error;
    }
    return retryInNewClone({ location, cache, address, kept, cause: error, replaced }, work);
  }
}

interface Retry {
  readonly location: LedgerLocation;
  readonly cache: string;
  readonly address: string;
  readonly kept: Clone;
  readonly cause: Error;
  readonly replaced: (directory: string, reason: string) => void;
}

async function retryInNewClone<T>(
  { location, cache, address, kept, cause, replaced }: Retry,
  work: (repository: LedgerRepository) => Promise<T>,
): Promise<T> {
  const fresh = await createReplacement(cache, address);
  let result: T;
  try {
    const repository = await LedgerRepository.open(location, fresh);
    try {
      await repository.read([]);
    } catch {
      // The ledger cannot be cloned either, so nothing is wrong with the kept clone.
      throw cause;
    }
    result = await useRepository(repository, work);
  } catch (error) {
    await removeFolder(fresh.directory);
    throw error;
  }
  replaced(kept.directory, firstLine(cause));
  try {
    await replaceKeptClone(fresh, kept.inode);
  } catch (error) {
    if (!isFileSystemError(error)) {
      throw error;
    }
    // The work is done. The next run notices the damage again.
    await removeFolder(fresh.directory);
  }
  return result;
}

async function useRepository<T>(
  repository: LedgerRepository,
  work: (repository: LedgerRepository) => Promise<T>,
): Promise<T> {
  try {
    return await work(repository);
  } finally {
    await repository.close();
  }
}

/** Whether the cause can be in the clone. What the ledger itself answers, such as a refusal by its hook, is final. */
function mayBeDamage(error: unknown): error is Error {
  if (error instanceof LedgerError) {
    return error.code !== 'no-branch' && !error.decidedByRemote;
  }
  return error instanceof GitError && error.result.code !== 127;
}

function isFileSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error;
}

function firstLine({ message }: Error): string {
  const lines = message.split('\n').map((line) => line.trim());
  return (lines.find((line) => /^(?:fatal|error):/.test(line)) ?? lines[0] ?? '').replace(/^(?:fatal|error): /, '');
}
