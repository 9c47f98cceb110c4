import { homedir } from 'node:os';
import { join } from 'node:path';
import type { LedgerLocation } from '../ledger';
import type { GitHost } from '../steps/gitops/git-host';
import type { LedgerOptions } from './options';

/** A ledger, and the git host that opens pull requests on it where the credential permits that. */
export interface ResolvedLedger {
  readonly location: LedgerLocation;
  readonly host?: GitHost;
}

/** The ledger of `--ledger`, else the one that the catalog names. With `--ledger` no catalog is read. */
export async function selectedLedger(options: LedgerOptions): Promise<LedgerLocation> {
  if (options.ledger !== undefined) {
    return (await resolveLedger(options.ledger, options.branch, false)).location;
  }
  const { loadCatalog } = await import('../catalog');
  const { ledger } = loadCatalog(options.catalog).platform;
  return (await resolveLedger(ledger.repository, options.branch ?? ledger.branch, false)).location;
}

/**
 * Resolves a ledger with its cached clone and its credential. A pipeline's job names the credential in BOWLINE_LEDGER_CREDENTIAL; a person uses
 * git's own credentials.
 * @param pullRequests whether the credential must permit opening pull requests
 */
export async function resolveLedger(
  repository: string,
  branch: string | undefined,
  pullRequests: boolean,
): Promise<ResolvedLedger> {
  const cache =
    process.env.BOWLINE_LEDGER_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bowline', 'ledgers');
  const location = { repository, branch, cache };
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
  return { location: { ...location, config }, host };
}
