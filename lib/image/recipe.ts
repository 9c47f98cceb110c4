import type { Platform, Service } from '../catalog';
import { badInput } from '../errors';
import type { ImagePlatform } from '../values';
import { type BaseChoice, chooseBase } from './base-choice';
import { dockerignoreOf } from './build-context';
import { compileCacheLabel } from './compile-cache';
import { dockerfileOf } from './dockerfile';
import { goVersionOf } from './go-version';
import { localReplacements, type SourceFacts } from './source-facts';

/**
 * `created`, history and file times of every image, in seconds since 1970: constant, so that equal source gives equal digests
 * (https://reproducible-builds.org/docs/source-date-epoch/, moby/buildkit docs/build-repro.md).
 */
export const sourceDateEpoch = 0;

/** All that a build of one service needs beside its source. Pure: the same service, platform and facts give the same recipe. */
export interface ImageRecipe {
  readonly base: BaseChoice;
  readonly vendored: boolean;
  readonly platforms: readonly ImagePlatform[];
  readonly dockerfile: string;
  readonly dockerignore: string;
  /** The tag of the compile cache that fits this build, in the cache repository. */
  readonly compileCache: string;
  /** Each decision with its reason, for `bowline explain service`. */
  readonly decisions: readonly Decision[];
}

export interface Decision {
  readonly subject: string;
  readonly choice: string;
  readonly because: string;
}

/** @throws BowlineError `recipe` when source and description don't fit, with the way out. */
export function recipeOf(platform: Platform, service: Service, facts: SourceFacts): ImageRecipe {
  const outside = localReplacements(facts.goMod).filter((path) => path === '..' || path.startsWith('../'));
  if (outside.length > 0) {
    throw badInput(
      'recipe',
      `${service.name}: go.mod replaces a module by ${outside[0]}, outside of the source directory ${service.source.directory}; vendor it (go mod vendor) or require a released version`,
    );
  }
  if (service.build.vendor === 'always' && !facts.hasVendor) {
    throw badInput(
      'recipe',
      `${service.name}: build.vendor is "always", but there is no vendor folder beside go.mod; run go mod vendor, or say "auto"`,
    );
  }
  const vendored = facts.hasVendor && service.build.vendor !== 'never';
  if (!vendored && !facts.hasGoSum && /^\s*require\b/m.test(facts.goMod)) {
    throw badInput(
      'recipe',
      `${service.name}: go.mod requires modules but there is no go.sum, so nothing says what they must hold; run go mod tidy and commit go.sum`,
    );
  }
  const base = chooseBase(platform, service);
  const platforms = service.build.platforms ?? (service.build.cgo ? ['linux/amd64'] : ['linux/amd64', 'linux/arm64']);
  return {
    base,
    vendored,
    platforms,
    dockerfile: dockerfileOf(service, base, facts, vendored),
    dockerignore: dockerignoreOf(service, facts, vendored),
    compileCache: compileCacheLabel(service, base.builder, facts.goMod, vendored, platforms),
    decisions: decisionsOf(service, base, facts, vendored, platforms),
  };
}

function decisionsOf(
  service: Service,
  base: BaseChoice,
  facts: SourceFacts,
  vendored: boolean,
  platforms: readonly ImagePlatform[],
): readonly Decision[] {
  const { build } = service;
  return [
    { subject: 'base', choice: base.kind + (base.runtime ? ` (${base.runtime})` : ''), because: base.because },
    {
      subject: 'builder',
      choice: base.builder,
      because: build.cgo
        ? 'cgo needs a C compiler that fits the C library of the base'
        : 'the Go toolchain of the platform; it never reaches the image',
    },
    {
      subject: 'modules',
      choice: vendored ? 'the vendor folder' : 'go mod download, then go mod verify, in a layer before the source',
      because: vendored
        ? 'there is a vendor folder: the build needs no network at all'
        : 'an edit of the source downloads nothing again',
    },
    {
      subject: 'cgo',
      choice: build.cgo ? 'on' : 'off',
      because: build.cgo ? 'build.cgo is true' : 'a static binary needs no C library and runs on any base',
    },
    {
      subject: 'platforms',
      choice: platforms.join(', '),
      because: build.platforms
        ? 'build.platforms says so'
        : build.cgo
          ? 'with cgo each platform would need a C compiler of its own'
          : 'Go cross-compiles: the second platform costs one warm compile',
    },
    {
      subject: 'compiler',
      choice: `-trimpath -buildvcs=false${goVersionOf(facts.goMod) ? `, go ${goVersionOf(facts.goMod)} language` : ''}`,
      because: 'no path and no commit in the binary: equal source, equal digest',
    },
    {
      subject: 'linker',
      choice: ['-s', '-w', '-buildid=', ...build.linkFlags].join(' '),
      because: 'no symbol table and no build id; SBOM tools read the build information, which stays',
    },
    {
      subject: 'UPX',
      choice: 'off',
      because:
        'a packed binary can not be scanned, starts slower and shares no memory between replicas; layers are compressed anyway',
    },
    {
      subject: 'cache',
      choice: "a mount of the builder's, begun with an image of the cache repository where there is one",
      because: 'only what an edit changes is compiled, also on a machine that has never built this service',
    },
    { subject: 'user', choice: '65532', because: 'no rights in the image or on the node' },
    ...(build.binaries.length > 0
      ? [
          {
            subject: 'binaries',
            choice: build.binaries.join(', '),
            because: 'build.binaries asks for them beside the image',
          },
        ]
      : []),
  ];
}
