import { createHash } from 'node:crypto';
import type { Service } from '../catalog';

/** The stage that a compile cache begins with: empty, unless a build names an image in its place. */
export const compileCacheSeed = 'compile-cache';

/** The target that holds the compile cache as a build left it: an image to begin the next one with. */
export const compileCacheTarget = 'kept-compile-cache';

/**
 * The label of the compile cache that fits a build. It changes with the toolchain, with what the module requires and with what it is compiled
 * for, and not with the source: a label is written once, and what an edit changes is compiled from there on. Go itself decides by content
 * what of a cache it takes (https://pkg.go.dev/cmd/go#hdr-Build_and_test_caching), so a label that fits badly costs time, never correctness.
 */
export function compileCacheLabel(
  service: Service,
  builder: string,
  goMod: string,
  vendored: boolean,
  platforms: readonly string[],
): string {
  const { cgo, tags, binaries } = service.build;
  const facts = {
    builder,
    goMod,
    vendored,
    cgo,
    tags: [...tags].sort(),
    platforms: [...platforms, ...binaries].sort(),
  };
  return `compile-${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16)}`;
}
