import {
  addOnApplicationName,
  applicationName,
  platformApplicationName,
  platformParts,
  platformProjectName,
  projectName,
} from '../argocd-names';
import type { CheckedFile } from '../parse/check-file';
import type { Path } from '../parse/field-path';
import type { CatalogProblem } from '../parse/problem';
import type { Platform } from '../schema/platform';
import { toProblems } from './finding';
import type { CheckedService } from './service-names';

/** Something that Argo CD knows by a name, with the field which that name follows from. */
interface Named {
  readonly name: string;
  readonly kind: 'Application' | 'project';
  /** What it is for, such as `api in dev-eu`. */
  readonly owner: string;
  readonly checked: CheckedFile<unknown>;
  readonly path: Path;
}

/**
 * Finds names of Applications and projects that two owners get: environment and service are joined with "-", which both can contain. Argo CD
 * would have one object, and the two owners would replace each other's manifests with every sync.
 */
export function findSharedArgocdNames(
  platform: CheckedFile<Platform>,
  services: readonly CheckedService[],
): readonly CatalogProblem[] {
  const firstByName = new Map<string, Named>();
  const reported = new Set<string>();
  return listNames(platform, services).flatMap((named) => {
    const key = `${named.kind} ${named.name}`;
    const first = firstByName.get(key);
    if (first === undefined) {
      firstByName.set(key, named);
      return [];
    }
    const place = `${named.checked.file} ${named.path.join('.')}`;
    // Equal owners are duplicates, which other checks report.
    if (first.owner === named.owner || reported.has(place)) {
      return [];
    }
    reported.add(place);
    return toProblems(named.checked, [
      {
        code: 'shared-argocd-name',
        path: named.path,
        expected: `another name here, at ${placeOf(first)} or for an environment: Argo CD would have one ${named.kind} ${named.name} for ${first.owner} and for ${named.owner}`,
      },
    ]);
  });
}

/** Names of the platform first, so that a service is reported that takes one of them. */
function listNames(platform: CheckedFile<Platform>, services: readonly CheckedService[]): readonly Named[] {
  const { environments = [], delivery } = platform.partial ?? {};
  const addOns = (delivery?.addOns ?? []).flatMap((addOn) =>
    addOn === undefined ? [] : addOn === 'flagger' ? [addOn, 'flagger-loadtester'] : [addOn],
  );
  const known = environments.flatMap((environment, index) =>
    environment?.name === undefined
      ? []
      : [{ environment: environment.name, path: ['environments', index, 'name'] as Path }],
  );
  return [
    ...known.flatMap(({ environment, path }): readonly Named[] => [
      ...platformParts.map((part) =>
        application(platformApplicationName(part, environment), `the platform in ${environment}`, platform, path),
      ),
      ...addOns.map((addOn) =>
        application(addOnApplicationName(environment, addOn), `the add-on ${addOn} in ${environment}`, platform, path),
      ),
      {
        name: platformProjectName(environment),
        kind: 'project',
        owner: `the platform in ${environment}`,
        checked: platform,
        path,
      },
    ]),
    ...known.flatMap(({ environment }) =>
      services.flatMap(({ checked }): readonly Named[] => {
        const { name, team } = checked.partial ?? {};
        return [
          ...(name === undefined
            ? []
            : [application(applicationName(environment, name), `${name} in ${environment}`, checked, ['name'])]),
          ...(team === undefined
            ? []
            : [
                {
                  name: projectName(environment, team),
                  kind: 'project' as const,
                  owner: `team ${team} in ${environment}`,
                  checked,
                  path: ['team'],
                },
              ]),
        ];
      }),
    ),
  ];
}

function application(name: string, owner: string, checked: CheckedFile<unknown>, path: Path): Named {
  return { name, kind: 'Application', owner, checked, path };
}

function placeOf({ checked, path }: Named): string {
  const { file, line, column } = checked.document.problemAt(path, { code: 'shared-argocd-name', expected: '' });
  return `${file}:${line}:${column} ${path.join('.')}`;
}
