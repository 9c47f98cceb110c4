import type { Service } from '../catalog';
import { checkGitState, checkSource, filesOfBuild, type SourceFacts } from '../image';
import { readGitState } from './git-state';
import { readSource } from './read-source';

/** A source that can be built as the catalog describes it. */
export interface InspectedSource {
  readonly facts: SourceFacts;
  /** What a pipeline would not have of this work tree, in one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads a work tree, and finds out whether the source of a pipeline would be the same.
 * @param checkout the root of the service's repository. Without a repository of git, everything counts as committed.
 * @throws BowlineError `input`, `recipe`, `modules-unfit`, `does-not-compile` (exit 3) when a pipeline could not build the source
 */
export async function inspectSource(checkout: string, service: Service): Promise<InspectedSource> {
  const facts = await readSource(checkout, service);
  checkSource(service, facts);
  const state = await readGitState(checkout, filesOfBuild(service, facts));
  return { facts, notes: state === undefined ? [] : checkGitState(service, facts, state) };
}
