import { homedir } from 'node:os';
import { join } from 'node:path';
import type { LedgerLocation } from '../ledger';
import type { GitHost } from '../steps/gitops/git-host';

/** A ledger, and where pull requests to it are opened if the job has the right to. */
export interface LedgerReach {
  readonly location: LedgerLocation;
  readonly host?: GitHost;
}

/** Where the ledger is, with the clone that is kept between runs and the credential of the environment, if one is given. */
export async function ledgerLocation(repository: string, branch: string | undefined): Promise<LedgerLocation> {
  return (await reachLedger(repository, branch, false)).location;
}

/**
 * As {@link ledgerLocation}; a pipeline's job says by BOWLINE_LEDGER_CREDENTIAL how it gets its credential. People have git's own.
 * @param pullRequests whether they are to be opened: another right
 */
export async function reachLedger(
  repository: string,
  branch: string | undefined,
  pullRequests: boolean,
): Promise<LedgerReach> {
  const cache =
    process.env.BOWLINE_LEDGER_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bowline', 'ledgers');
  const location = { repository, ...(branch === undefined ? {} : { branch }), cache };
  const description = process.env.BOWLINE_LEDGER_CREDENTIAL;
  if (description === undefined || description === '') {
    return { location };
  }
  const { parseLedgerCredential } = await import('../catalog');
  const { ledgerAccess } = await import('../steps/gitops/ledger-credential');
  const { jobAws } = await import('./job-aws');
  const { config, host } = await ledgerAccess({
    credential: parseLedgerCredential(description),
    repository,
    pullRequests,
    aws: jobAws,
    now: new Date(),
  });
  return { location: { ...location, config }, ...(host === undefined ? {} : { host }) };
}
