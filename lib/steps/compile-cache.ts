import { compileCacheSeed, compileCacheTarget } from '../image';
import { type ImageRepository, imageReference } from '../values';
import { type SolveInput, solve } from './clients/buildkit-solve';
import { digestOfTag, moveTag, protocolOptions } from './clients/registry';

/** Tag of the newest compile cache in a repository. A build uses it when no cache matches its recipe. */
const newestTag = 'compile';

export interface CompileCache {
  /** Options of every solve that compiles. */
  readonly seed: readonly string[];
  /** Pushes what was compiled, unless a matching cache exists already. A failed push never fails the build. */
  save(): Promise<void>;
}

/**
 * Finds the compile cache of earlier builds: an image with Go's build cache that seeds a builder without a cache of its own. On one machine
 * BuildKit's cache mount is used first; the image is pulled only where something is compiled and that mount is new.
 * @param repository separate for releases and for pull requests, because a writer of the cache can inject code into the builds that read it
 */
export async function openCompileCache(work: SolveInput, repository: ImageRepository): Promise<CompileCache> {
  const tag = work.recipe.compileCache;
  const matching = await digestOfTag(repository, tag);
  const digest = matching ?? (await digestOfTag(repository, newestTag));
  const seed =
    digest === undefined
      ? []
      : ['--opt', `context:${compileCacheSeed}=docker-image://${imageReference(repository, digest)}`];
  return {
    seed,
    save: async () => {
      if (matching === undefined) {
        await push(work, { repository, tag, seed });
      }
    },
  };
}

interface CacheImage {
  readonly repository: ImageRepository;
  readonly tag: string;
  readonly seed: readonly string[];
}

async function push(work: SolveInput, { repository, tag, seed }: CacheImage): Promise<void> {
  const output = [
    'type=image',
    `name=${repository}:${tag}`,
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
    await moveTag(repository, tag, newestTag);
    work.reporter.note(`saved the compile cache as ${repository}:${tag}`);
  } catch (error) {
    work.reporter.note(
      `could not save the compile cache, so the next machine compiles everything again: ${(error as Error).message}`,
    );
  }
}
