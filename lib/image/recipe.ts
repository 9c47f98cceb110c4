import type { Platform, Service } from '../catalog';
import { badInput } from '../errors';
import type { ImagePlatform } from '../values';
import { type BaseChoice, chooseBase } from './base-choice';
import { renderDockerignore } from './build-context';
import { compileCacheLabel } from './compile-cache';
import { renderDockerfile } from './dockerfile';
import { parseGoVersion } from './go-version';
import { parseLocalReplacements, type SourceInfo } from './source-info';

/**
 * The creation, history and file times of every image, as Unix time. Constant, so that equal source results in equal digests
 * (https://reproducible-builds.org/docs/source-date-epoch/, moby/buildkit docs/build-repro.md).
 */
export const sourceDateEpoch = 0;

/** Everything that a build needs in addition to the source. Pure: the same service, platform and source result in the same recipe. */
export interface ImageRecipe {
  readonly base: BaseChoice;
  readonly vendored: boolean;
  readonly platforms: readonly ImagePlatform[];
  readonly dockerfile: string;
  readonly dockerignore: string;
  /** The tag of the compile cache for this build in the cache repository. */
  readonly compileCache: string;
  /** The decisions and their reasons, for `bowline explain service`. */
  readonly decisions: readonly Decision[];
}

export interface Decision {
  readonly subject: string;
  readonly choice: string;
  readonly reason: string;
}

/** @throws BowlineError `recipe` if the source does not match the description of the service. The message contains the remedy. */
export function createImageRecipe(platform: Platform, service: Service, source: SourceInfo): ImageRecipe {
  const outside = parseLocalReplacements(source.goMod).filter((path) => path === '..' || path.startsWith('../'));
  if (outside.length > 0) {
    throw badInput(
      'recipe',
      `${service.name}: go.mod replaces a module with ${outside[0]}, outside the source directory ${service.source.directory}: vendor the module (go mod vendor) or require a released version`,
    );
  }
  if (service.build.vendor === 'always' && !source.hasVendor) {
    throw badInput(
      'recipe',
      `${service.name}: build.vendor is "always", but there is no vendor folder next to go.mod: run go mod vendor, or set build.vendor to "auto"`,
    );
  }
  const vendored = source.hasVendor && service.build.vendor !== 'never';
  if (!vendored && !source.hasGoSum && /^\s*require\b/m.test(source.goMod)) {
    throw badInput(
      'recipe',
      `${service.name}: go.mod requires modules, but there is no go.sum to verify them: run go mod tidy and commit go.sum`,
    );
  }
  const base = chooseBase(platform, service);
  const platforms = service.build.platforms ?? (service.build.cgo ? ['linux/amd64'] : ['linux/amd64', 'linux/arm64']);
  return {
    base,
    vendored,
    platforms,
    dockerfile: renderDockerfile({ service, base, source, vendored }),
    dockerignore: renderDockerignore(service, source, vendored),
    compileCache: compileCacheLabel({ service, builder: base.builder, goMod: source.goMod, vendored, platforms }),
    decisions: explainDecisions({ service, base, source, vendored, platforms }),
  };
}

interface RecipeInputs {
  readonly service: Service;
  readonly base: BaseChoice;
  readonly source: SourceInfo;
  readonly vendored: boolean;
  readonly platforms: readonly ImagePlatform[];
}

function explainDecisions({ service, base, source, vendored, platforms }: RecipeInputs): readonly Decision[] {
  const { build } = service;
  return [
    { subject: 'base', choice: base.kind + (base.runtime ? ` (${base.runtime})` : ''), reason: base.reason },
    {
      subject: 'builder',
      choice: base.builder,
      reason: build.cgo
        ? 'cgo needs a C compiler that matches the C library of the base'
        : 'the Go toolchain of the platform, which is not part of the image',
    },
    {
      subject: 'modules',
      choice: vendored ? 'the vendor folder' : 'go mod download, then go mod verify, in a layer before the source',
      reason: vendored
        ? 'the source contains a vendor folder, so the build needs no network'
        : 'a change of the source does not download the modules again',
    },
    {
      subject: 'cgo',
      choice: build.cgo ? 'on' : 'off',
      reason: build.cgo ? 'build.cgo is true' : 'a static binary needs no C library and runs on any base',
    },
    {
      subject: 'platforms',
      choice: platforms.join(', '),
      reason: build.platforms
        ? 'build.platforms is set'
        : build.cgo
          ? 'with cgo, each platform needs its own C compiler'
          : 'Go cross-compiles, so the second platform costs one compilation with a warm cache',
    },
    {
      subject: 'compiler',
      choice: `-trimpath -buildvcs=false${parseGoVersion(source.goMod) ? `, go ${parseGoVersion(source.goMod)} language` : ''}`,
      reason: 'the binary contains no paths and no commit, so equal source results in an equal digest',
    },
    {
      subject: 'linker',
      choice: ['-s', '-w', '-buildid=', ...build.linkFlags].join(' '),
      reason: 'no symbol table and no build ID; the build information, which SBOM tools read, is kept',
    },
    {
      subject: 'UPX',
      choice: 'off',
      reason:
        'a packed binary cannot be scanned, starts slower and shares no memory between replicas, and layers are compressed anyway',
    },
    {
      subject: 'cache',
      choice: 'a cache mount of the builder, initialized from an image in the cache repository if there is one',
      reason: 'only changed packages are compiled, even on a machine that has never built this service',
    },
    { subject: 'user', choice: '65532', reason: 'the user has no privileges in the image or on the node' },
    ...(build.binaries.length > 0
      ? [
          {
            subject: 'binaries',
            choice: build.binaries.join(', '),
            reason: 'build.binaries lists them',
          },
        ]
      : []),
  ];
}
