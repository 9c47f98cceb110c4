import type { Service } from '../../catalog';
import { badInput } from '../../errors';
import { lfsRemedy } from './check-files';
import { submoduleRemedy } from './check-submodules';
import type { SourceFacts } from './facts';

/** Files of a build that a work tree has, and that the source of a pipeline does not have. `lib/steps/source/git-state.ts` asks git. */
export interface GitState {
  readonly ignored: readonly string[];
  /** Neither tracked nor ignored: the next commit can contain them. */
  readonly untracked: readonly string[];
  readonly submodules: readonly { readonly file: string; readonly submodule: string }[];
  /** Git has only a pointer. */
  readonly lfs: readonly string[];
}

/** The files that the build reads, apart from vendored packages. */
export function filesOfBuild({ build }: Service, facts: SourceFacts): readonly string[] {
  return [
    ...new Set([
      ...facts.packages.flatMap(({ files }) => files),
      ...facts.embeds.filter(({ vendored }) => !vendored).flatMap(({ files }) => files),
      ...facts.paths.filter(({ path }) => build.files.includes(path)).flatMap(({ files }) => files),
    ]),
  ];
}

/**
 * Checks that git has the files that the build reads.
 * @returns notes about files that the image of a pipeline would lack, although the build succeeds
 * @throws BowlineError `recipe` (exit 3) if the build of a pipeline would fail, lack a submodule, or use a pointer of Git LFS
 */
export function checkGitState(service: Service, facts: SourceFacts, state: GitState): readonly string[] {
  const { lfs, submodules } = state;
  const isClone = service.source.clone === 'full';
  if (lfs.length > 0 && !isClone) {
    throw badInput(
      'recipe',
      `${service.name}: the build reads files that are in Git LFS, and the source of a pipeline contains only their pointers: ${list(lfs)}. ${lfsRemedy(service)}`,
    );
  }
  const [inSubmodule] = submodules;
  if (inSubmodule !== undefined && !isClone) {
    throw badInput(
      'recipe',
      `${service.name}: the build reads ${inSubmodule.file}, which is in the submodule ${inSubmodule.submodule}. ${submoduleRemedy(service)}`,
    );
  }
  return checkIgnored(service, facts, new Set(state.ignored), state.untracked);
}

function checkIgnored(
  service: Service,
  facts: SourceFacts,
  ignored: ReadonlySet<string>,
  untracked: readonly string[],
): readonly string[] {
  const source = facts.packages.flatMap(({ files }) => files).filter((file) => ignored.has(file));
  if (source.length > 0) {
    throw badInput(
      'recipe',
      `${service.name}: git ignores files that the compiler reads, so a pipeline does not have them: ${list(source)}. Commit generated code, because no step of the pipeline generates it`,
    );
  }
  const embeds = facts.embeds.filter(({ vendored }) => !vendored);
  const lost = embeds.find(({ files }) => files.length > 0 && files.every((file) => ignored.has(file)));
  if (lost !== undefined) {
    throw badInput(
      'recipe',
      `${service.name}: ${lost.positions[0]}: pattern ${lost.pattern} matches only files that git ignores, so a pipeline finds none: ${list(lost.files)}. Commit them, because no step of the pipeline generates them`,
    );
  }
  const listed = facts.paths.filter(({ path }) => service.build.files.includes(path));
  const partly = [...embeds, ...listed].flatMap(({ files }) => files.filter((file) => ignored.has(file)));
  return [
    ...(partly.length === 0
      ? []
      : [
          `git ignores files that are in your work tree, so the image of a pipeline does not have them: ${list(partly)}`,
        ]),
    ...(untracked.length === 0
      ? []
      : [`files of the build are not in git yet: commit them, or a pipeline does not have them: ${list(untracked)}`]),
  ];
}

const maxListed = 10;

function list(files: readonly string[]): string {
  const unique = [...new Set(files)];
  const more = unique.length > maxListed ? ` and ${unique.length - maxListed} more` : '';
  return `${unique.slice(0, maxListed).join(', ')}${more}`;
}
