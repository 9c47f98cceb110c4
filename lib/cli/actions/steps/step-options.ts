import { type Catalog, requireService } from '../../../catalog';
import { badInput } from '../../../errors';
import { serviceNames } from '../../../pipeline/names';
import type { Builder } from '../../../provenance';
import type { DatabaseOrigin } from '../../../release';
import type { ModuleCredentialSource, ReleaseIdentity } from '../../../steps';
import { branchRef, type CommitSha, commitSha, gitRef, imageRepository } from '../../../values';

/** Options of the steps: each a flag, or its environment variable. */
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
  readonly ref?: string;
  readonly buildkit?: string;
  readonly hostNetwork?: string;
  /** False: scan again what has signed evidence. */
  readonly reuse?: boolean;
  readonly moduleCredential?: ModuleCredentialSource;
  readonly vulnerabilityDatabase?: DatabaseOrigin;
  readonly builder?: Builder['kind'];
  readonly execution?: string;
  readonly bundleSha256?: string;
  readonly catalogSha256?: string;
  readonly class?: string;
  readonly key?: string;
  readonly keys?: string;
  readonly environment?: string;
  readonly ledger?: string;
  readonly ledgerBranch?: string;
}

/** The folder of the plain binaries in a release folder. */
export const binariesFolder = 'binaries';

/** @throws bad input that names flag and variable, where the value is missing */
export function required(value: string | undefined, flag: string, variable: string): string {
  if (value === undefined || value === '') {
    throw badInput('input', `missing value: give ${flag} or set ${variable}`);
  }
  return value;
}

export function repository(value: string | undefined, flag: string, variable: string) {
  return parseFlag(flag, () => imageRepository(required(value, flag, variable)));
}

/** Parses a value of the command line. @throws bad input that names the flag */
export function parseFlag<T>(flag: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw badInput('bad-option', `${flag}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What a record must say: the catalog decides, and the control plane of the pipeline. A pull request has a repository and a ref of its own. */
export function identityOf(catalog: Catalog, name: string, options: StepOptions): ReleaseIdentity {
  const { source } = requireService(catalog, name);
  const { imageRepository: own } = serviceNames(catalog.platform, name);
  return {
    service: name,
    imageRepository: options.repository ? repository(options.repository, '--repository', 'BOWLINE_REPOSITORY') : own,
    source: {
      repository: source.repository,
      ref: options.ref ? parseFlag('--ref', () => gitRef(options.ref ?? '')) : branchRef(source.branch),
    },
    commit: parseCommit(options),
  };
}

export function parseCommit({ commit }: StepOptions): CommitSha | undefined {
  return commit ? parseFlag('--commit', () => commitSha(commit)) : undefined;
}
