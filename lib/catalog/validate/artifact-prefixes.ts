import { artifactNameLengths, artifactPrefix } from '../artifact-prefix';
import type { CheckedFile } from '../parse/check-file';
import type { CatalogProblem } from '../parse/problem';
import type { Platform } from '../schema/platform';
import { type Finding, toProblems } from './finding';
import type { CheckedService } from './service-names';

/**
 * Finds services whose artifacts CodePipeline would store in the folder of an earlier service. The roles of their builds and the shared projects
 * are granted folders, so each build could read the other's source and write the other's release record.
 */
export function findSharedArtifactPrefixes(
  platform: CheckedFile<Platform>,
  services: readonly CheckedService[],
): readonly CatalogProblem[] {
  const platformName = platform.partial?.name;
  if (platformName === undefined) {
    return [];
  }
  const firstByPrefix = new Map<string, { readonly name: string; readonly file: string }>();
  return services.flatMap(({ checked }) => {
    const name = checked.partial?.name;
    if (name === undefined) {
      return [];
    }
    const prefix = artifactPrefix(platformName, name);
    const first = firstByPrefix.get(prefix);
    if (first === undefined) {
      firstByPrefix.set(prefix, { name, file: checked.file });
      return [];
    }
    // findDuplicateServices reports equal names.
    if (first.name === name) {
      return [];
    }
    const letters = artifactNameLengths.pipeline - platformName.length - 1;
    const finding: Finding = {
      code: 'shared-artifact-prefix',
      path: ['name'],
      expected: `a name that differs from ${first.name} (${first.file}) in its first ${letters} characters: CodePipeline truncates "${platformName}-${name}" to ${artifactNameLengths.pipeline} characters, so both services would keep their artifacts in the folder ${prefix}`,
    };
    return toProblems(checked, [finding]);
  });
}
