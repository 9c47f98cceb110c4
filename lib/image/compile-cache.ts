import { createHash } from 'node:crypto';
import type { Service } from '../catalog';
import type { SourceFacts } from './source/facts';

/** The stage that contains the initial compile cache. It is empty unless a build replaces it with an image. */
export const compileCacheSeed = 'compile-cache';

/** The build target that contains the compile cache after a build, to initialize the cache of later builds. */
export const compileCacheTarget = 'kept-compile-cache';

export interface CompileCacheInputs {
  readonly service: Service;
  readonly builder: string;
  readonly facts: SourceFacts;
  readonly vendored: boolean;
  readonly platforms: readonly string[];
}

/**
 * The tag of the compile cache for a build. It depends on the toolchain, the required modules and the target platforms, but not on the
 * source: a tag is written once, and builds compile what changed since then. Go selects cache entries by content
 * (https://pkg.go.dev/cmd/go#hdr-Build_and_test_caching), so an unsuitable cache costs time but never affects correctness.
 */
export function compileCacheLabel({ service, builder, facts, vendored, platforms }: CompileCacheInputs): string {
  const { cgo, tags, binaries, experiment, fips, amd64 } = service.build;
  const inputs = {
    builder,
    go: facts.module?.go,
    requirements: facts.requirements.map(({ path, version }) => `${path}@${version}`).sort(),
    replacements: facts.replacements.map(({ path, version, with: by, withVersion }) => [
      path,
      version,
      by,
      withVersion,
    ]),
    vendored,
    cgo,
    tags: [...tags].sort(),
    experiment: [...experiment].sort(),
    fips,
    amd64,
    platforms: [...platforms, ...binaries].sort(),
  };
  return `compile-${createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16)}`;
}
