import type { Platform, Service } from '../catalog';
import type { ImagePlatform } from '../values';
import { type BaseChoice, chooseBase } from './base-choice';
import { compileCacheLabel } from './compile-cache';
import { type Decision, explainDecisions } from './decisions';
import { renderDockerfile } from './dockerfile';
import { checkSource } from './source/check';
import { renderDockerignore } from './source/context';
import type { SourceFacts } from './source/facts';
import { type BuildLayout, buildLayout } from './source/layout';
import { imagePlatformsOf } from './source/question';

/**
 * The creation, history and file times of every image, as Unix time. Constant, so that equal source results in equal digests
 * (https://reproducible-builds.org/docs/source-date-epoch/, moby/buildkit docs/build-repro.md).
 */
export const sourceDateEpoch = 0;

/** Everything that a build needs in addition to the source. Pure: the same service, platform and source result in the same recipe. */
export interface ImageRecipe {
  readonly base: BaseChoice;
  /** The build context, and how the go command loads packages in it. */
  readonly layout: BuildLayout;
  readonly platforms: readonly ImagePlatform[];
  readonly dockerfile: string;
  readonly dockerignore: string;
  /** The tag of the compile cache for this build in the cache repository. */
  readonly compileCache: string;
  /** The decisions and their reasons, for `bowline explain service`. */
  readonly decisions: readonly Decision[];
}

/**
 * @throws BowlineError `recipe`, `modules-unfit`, `does-not-compile` (exit 3) if the source cannot be built as the catalog describes it. The message
 * has the place, and a remedy.
 */
export function createImageRecipe(platform: Platform, service: Service, facts: SourceFacts): ImageRecipe {
  checkSource(service, facts);
  const base = chooseBase(platform, service);
  const platforms = imagePlatformsOf(service);
  const layout = buildLayout(facts);
  const { vendored } = layout;
  return {
    base,
    layout,
    platforms,
    dockerfile: renderDockerfile({ service, base, facts, layout }),
    dockerignore: renderDockerignore({ service, facts, layout }),
    compileCache: compileCacheLabel({ service, builder: base.builder, facts, vendored, platforms }),
    decisions: explainDecisions({ platform, service, base, facts, layout, platforms }),
  };
}
