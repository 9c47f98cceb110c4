import { compileCacheSeed, compileCacheTarget } from '../image';
import { type ImageRepository, imageReference } from '../values';
import { type Solve, solve } from './clients/buildkit-solve';
import { digestOfTag, moveTag, protocolOptions } from './clients/registry';

/** The newest compile cache of a repository, whatever it was made for: better than none. */
const newest = 'compile';

export interface CompileCache {
  /** Options of every solve that compiles. */
  readonly seed: readonly string[];
  /** Keeps what was compiled for the next machine, unless a cache that fits is there already. Never fails a build. */
  keep(): Promise<void>;
}

/**
 * What was compiled before, as an image that a builder without a cache of its own begins with. Within a machine BuildKit's mount answers first;
 * the image is pulled only where something is compiled and that mount is new.
 * @param repository of release and pull requests apart: whoever writes it can put code into what is built with it
 */
export async function beginCompileCache(work: Solve, repository: ImageRepository): Promise<CompileCache> {
  const label = work.recipe.compileCache;
  const fitting = await digestOfTag(repository, label);
  const digest = fitting ?? (await digestOfTag(repository, newest));
  const seed =
    digest === undefined
      ? []
      : ['--opt', `context:${compileCacheSeed}=docker-image://${imageReference(repository, digest)}`];
  return {
    seed,
    keep: async () => {
      if (fitting === undefined) {
        await push(work, repository, label, seed);
      }
    },
  };
}

async function push(work: Solve, repository: ImageRepository, label: string, seed: readonly string[]): Promise<void> {
  const output = [
    'type=image',
    `name=${repository}:${label}`,
    'push=true',
    'oci-mediatypes=true',
    'compression=zstd',
    ...protocolOptions(repository),
  ].join(',');
  const platform = work.recipe.platforms[0];
  try {
    await solve(work, [
      '--opt',
      `target=${compileCacheTarget}`,
      '--opt',
      `platform=${platform}`,
      '--output',
      output,
      ...seed,
    ]);
    await moveTag(repository, label, newest);
    work.reporter.note(`compile cache ${repository}:${label} kept for the next machine`);
  } catch (error) {
    work.reporter.note(`the compile cache was not kept, the next machine compiles anew: ${(error as Error).message}`);
  }
}
