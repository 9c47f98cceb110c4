import type { Service } from '../../catalog';
import { checkGitState, checkSource, filesOfBuild, type SourceFacts } from '../../image';
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
  const { facts, notes } = await readCommitted(checkout, service);
  checkSource(service, facts);
  const state = await readGitState(checkout, filesOfBuild(service, facts));
  return { facts, notes: [...notes, ...(state === undefined ? [] : checkGitState(service, facts, state))] };
}

/** Reads the source without a go.work and a vendor folder that git ignores: they decide how the go command loads every package. */
async function readCommitted(checkout: string, service: Service): Promise<InspectedSource> {
  const facts = await readSource(checkout, service);
  const workspace = facts.workspace?.file;
  const vendorList = facts.vendor === undefined ? undefined : `${facts.vendor.directory}/modules.txt`;
  const files = [workspace, vendorList].filter((file) => file !== undefined);
  const state = files.length === 0 ? undefined : await readGitState(checkout, files);
  if (state === undefined || state.ignored.length === 0) {
    return { facts, notes: [] };
  }
  const ignores = (file: string | undefined) => file !== undefined && state.ignored.includes(file);
  const changes = {
    ...(ignores(workspace) ? { ignoreWorkspace: true } : {}),
    ...(ignores(vendorList) ? { vendor: 'never' as const } : {}),
  };
  return {
    facts: await readSource(checkout, service, changes),
    notes: [`git ignores ${state.ignored.join(' and ')}, so a pipeline builds without it`],
  };
}
