import { InputError } from '../fail';

/** What people and pipelines give to a verb: a flag each, or its environment variable. */
export interface StepOptions {
  readonly catalog: string;
  readonly json: boolean;
  readonly service?: string;
  readonly source?: string;
  readonly release?: string;
  readonly out: string;
  readonly recordSha256?: string;
  readonly repository?: string;
  readonly cacheRepository?: string;
  readonly signatures?: string;
  readonly binaries?: string;
  readonly commit?: string;
  readonly buildkit?: string;
  readonly hostNetwork?: string;
  readonly vulnerabilityDatabase?: 'feed' | 'stand-in';
  readonly class?: string;
  readonly key?: string;
  readonly keys?: string;
  readonly environment?: string;
  readonly ledger?: string;
  readonly ledgerBranch?: string;
}

/** The value of an option that has to be there. @throws InputError that names flag and variable */
export function required(value: string | undefined, flag: string, variable: string): string {
  if (value === undefined || value === '') {
    throw new InputError(`say ${flag}, or set ${variable}`);
  }
  return value;
}
