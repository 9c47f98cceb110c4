import { badInput } from '../../errors';
import { type RunningReleases, readRunningReleases } from '../../steps';
import { selectedLedger } from '../ledger-location';
import type { LedgerOptions } from '../options';

/** Which of the releases that run. */
export interface RunningSelection extends Omit<LedgerOptions, 'env'> {
  readonly env?: string;
}

/** Reads what runs from the head of the ledger: the named services in one environment. @throws BowlineError for a service that does not run */
export async function readRunning(options: RunningSelection, names: readonly string[]): Promise<RunningReleases> {
  return selectRunning(await readRunningReleases(await selectedLedger(options, 'read')), names, options.env);
}

/**
 * The releases of the named services, or of all, in one environment or in all.
 * @throws BowlineError for a service that does not run, or an environment that the ledger does not have
 */
export function selectRunning(
  { commit, releases, environments }: RunningReleases,
  names: readonly string[],
  environment: string | undefined,
): RunningReleases {
  const inEnvironment = releases.filter((release) => environment === undefined || release.environment === environment);
  if (environment !== undefined && inEnvironment.length === 0 && environments?.includes(environment) === false) {
    throw badInput(
      'input',
      `the ledger has no environment ${environment} (known: ${environments.join(', ') || 'none'})`,
    );
  }
  const unknown = names.filter((name) => !inEnvironment.some(({ service }) => service === name));
  if (unknown.length > 0) {
    const where = environment === undefined ? '' : ` in ${environment}`;
    throw badInput('input', `the ledger has no release of ${unknown.join(', ')}${where}`);
  }
  return {
    commit,
    releases: inEnvironment.filter(({ service }) => names.length === 0 || names.includes(service)),
  };
}
