import { homedir } from 'node:os';
import { join } from 'node:path';
import type { LedgerLocation } from '../ledger';

/** Where the ledger is, with the clone that is kept between runs and the credential of the environment, if one is given. */
export async function ledgerLocation(repository: string, branch: string | undefined): Promise<LedgerLocation> {
  const cache =
    process.env.BOWLINE_LEDGER_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bowline', 'ledgers');
  return { repository, ...(branch === undefined ? {} : { branch }), cache };
}
