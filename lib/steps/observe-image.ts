import type { Platform } from '../catalog';
import type { StartPlan, StartReport } from '../image/start';
import type { SolveInput } from './clients/buildkit-solve';
import { nativePlatform, solveStart } from './start-image';

/**
 * Builds the image of a recipe for this machine and starts it once, as the first start of a build does, but judges nothing and pushes nothing.
 * @returns what the probe program found; undefined if this machine cannot run the image
 * @throws as the solve of a build
 */
export async function observeImage(
  work: SolveInput,
  platform: Platform,
  plan: StartPlan,
): Promise<StartReport | undefined> {
  const native = nativePlatform();
  if (!work.recipe.platforms.includes(native)) {
    return undefined;
  }
  const recipe = { ...work.recipe, platforms: [native] };
  const reports = await solveStart({ ...work, recipe }, { platform, plan, native, caches: [] });
  return reports.get(native);
}
