import { homedir } from 'node:os';
import { join } from 'node:path';
import type { LedgerLocation } from '../ledger';
import type { GitHost } from '../steps/gitops/git-host';
import type { LedgerUse } from '../steps/gitops/ledger-credential';
import type { LedgerOptions } from './options';

/** A ledger, and the git host that opens pull requests on it where the credential permits that. */
export interface ResolvedLedger {
  readonly location: LedgerLocation;
  readonly host?: GitHost;
}

/** The ledger of `--ledger`, else the one that the catalog names. With `--ledger` no catalog is read. It is read or pushed to. */
export async function selectedLedger(
  options: Omit<LedgerOptions, 'env'>,
  use: Exclude<LedgerUse, 'pull-request'>,
): Promise<LedgerLocation> {
  if (options.ledger !== undefined) {
    return (await resolveLedger(options.ledger, options.branch, use)).location;
  }
  const { loadCatalog } = await import('../catalog');
  const { ledger } = loadCatalog(options.catalog).platform;
  return (await resolveLedger(ledger.repository, options.branch ?? ledger.branch, use)).location;
}

/**
 * Resolves a ledger with its kept clone and its credential. A pipeline's job names the credential in BOWLINE_LEDGER_CREDENTIAL; a person uses
 * the credentials that their git is configured with.
 * @param use what the credential must permit
 */
export async function resolveLedger(
  repository: string,
  branch: string | undefined,
  use: LedgerUse,
): Promise<ResolvedLedger> {
  const location = {
    repository,
    branch,
    cache: clonesFolder(process.env),
    onNotice: (text: string) => process.stderr.write(`${text}\n`),
  };
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
    use,
    aws: jobAws,
    now: new Date(),
  });
  return { location: { ...location, config }, host };
}

/**
 * Where clones are kept. Undefined in a job: its machine is new, so a clone would be kept for nobody, and a kept clone has the full history
 * (2.2 times the CPU time of a shallow one for 2,000 commits). BOWLINE_LEDGER_CACHE names a folder that outlives the job.
 */
export function clonesFolder(environment: NodeJS.ProcessEnv): string | undefined {
  const { BOWLINE_LEDGER_CACHE, XDG_CACHE_HOME, CODEBUILD_BUILD_ID, CI } = environment;
  if (BOWLINE_LEDGER_CACHE) {
    return BOWLINE_LEDGER_CACHE;
  }
  return CODEBUILD_BUILD_ID || (CI && CI !== 'false')
    ? undefined
    : join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'bowline', 'ledgers');
}
