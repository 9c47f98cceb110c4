import type { Platform, Service } from '../../../catalog';
import type { Reporter } from '../../reporter';
import { openClone } from './clone';
import { fetchLfs } from './fetch-lfs';
import { fetchSubmodules } from './fetch-submodules';

export interface CompleteSourceInput {
  readonly platform: Platform;
  readonly service: Service;
  /** The checkout that CodeBuild made. */
  readonly source: string;
  /** The commit of the release. */
  readonly commit: string;
  readonly reporter: Reporter;
}

/**
 * Fetches what a clone lacks: its submodules, and the content of Git LFS. Does nothing for a service whose source is an archive, and in a folder
 * that is no clone: the checks of the build then find what is missing.
 * @throws BowlineError `input`, `recipe` (exit 3), `failed` (exit 1)
 */
export async function completeSource(input: CompleteSourceInput): Promise<void> {
  if (input.service.source.clone !== 'full') {
    return;
  }
  const clone = await openClone(input, input.source, input.commit);
  if (clone === undefined) {
    return;
  }
  for (const part of [clone, ...(await fetchSubmodules(clone))]) {
    await fetchLfs(part);
  }
}
