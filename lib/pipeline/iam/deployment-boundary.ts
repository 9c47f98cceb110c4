import { moduleSecretPrefix, type Platform, serviceSchema } from '../../catalog';
import { binaryPlatforms } from '../../values';
import { arnsOf } from './arns';
import type { Permission } from './permission';
import { rolePermissions } from './permissions-table';
import { pullRequestPermissions, roleEventsPermissions } from './pipeline-permissions';

/** Stands for the name of any service. Short enough that CodePipeline does not truncate it. */
const anyService = 'zqz';

/**
 * The maximum that a role of the platform may do: the permissions of all roles of any service together. As a permissions boundary, it limits what
 * a deployment can give to the roles that it creates.
 * @param pullRequestConnection ARN of the connection of pull request builds, if there are any; the catalog does not contain it
 */
export function boundaryPermissions(platform: Platform, pullRequestConnection?: string): readonly Permission[] {
  const byResource = mergeByResource(permissionsOfAllRoles(platform, pullRequestConnection));
  return mergeByActions(byResource.filter((permission) => !isCovered(permission, byResource)));
}

/** Whether another permission allows the same, and more: a boundary is one managed policy, whose length is limited. */
function isCovered(permission: Permission, all: readonly Permission[]): boolean {
  const [resource = ''] = permission.resources;
  return all.some(
    (other) =>
      other !== permission &&
      other.conditions === undefined &&
      permission.actions.every((action) => other.actions.includes(action)) &&
      covers(other.resources[0] ?? '', resource),
  );
}

/**
 * Whether a resource pattern matches everything that another one matches. An asterisk of the other one can be any text, so only an asterisk covers it.
 * @returns false for equal patterns: one of them has to stay
 */
export function covers(pattern: string, other: string): boolean {
  const anyText = '\u0000';
  const source = pattern
    .split('*')
    .map((part) => part.split('?').map(escapeRegExp).join(`[^${anyText}]`))
    .join('[\\s\\S]*');
  return pattern !== other && new RegExp(`^${source}$`, 'u').test(other.replaceAll('*', anyText));
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function permissionsOfAllRoles(platform: Platform, pullRequestConnection?: string): readonly Permission[] {
  const service = serviceSchema.parse({
    version: 1,
    name: anyService,
    team: anyService,
    // A service with every option that needs a permission.
    build: {
      binaries: binaryPlatforms.slice(0, 1),
      modules: {
        private: ['example.com'],
        credential: { kind: 'netrc', secret: `${moduleSecretPrefix(platform.name)}${anyService}` },
      },
    },
    source: {
      repository: platform.source.kind === 'codecommit' ? anyService : `${anyService}/${anyService}`,
      clone: 'full',
    },
  });
  const { account, region } = platform.pipeline;
  // Bundle and toolbox context are in the bucket of CDK assets, under names that only a template knows.
  const assets = { bucket: `cdk-*-assets-${account}-${region}`, key: '*.zip', catalogKey: '*.zip' };
  const permissions = [
    ...rolePermissions({ platform, services: [service] }, { bundle: assets, toolboxContext: assets }).flatMap(
      (role) => role.permissions,
    ),
    ...roleEventsPermissions(platform),
  ];
  if (pullRequestConnection !== undefined) {
    permissions.push(
      ...pullRequestPermissions({ platform, service, bundle: assets, connection: pullRequestConnection }),
    );
  }
  return permissions;
}

/** Collects all actions on a resource under the same conditions into one permission. */
function mergeByResource(permissions: readonly Permission[]): readonly Permission[] {
  const merged = new Map<string, Permission>();
  for (const permission of permissions) {
    for (const serviceResource of permission.resources) {
      const resource = serviceResource
        .replaceAll(anyService, '*')
        // A catalog can have many base images.
        .replace(/(:repository\/[^/]+\/base\/).+$/, '$1*');
      // A condition on one service cannot be part of a limit for all services.
      const isAboutService = JSON.stringify(permission.conditions ?? {}).includes(anyService);
      const conditions = isAboutService ? undefined : permission.conditions;
      const key = JSON.stringify([resource, conditions ?? {}]);
      const actions = new Set([...(merged.get(key)?.actions ?? []), ...permission.actions]);
      merged.set(key, { id: permission.id, actions: [...actions].sort(), resources: [resource], conditions });
    }
  }
  return [...merged.values()];
}

/** Collects all resources with the same actions and conditions into one permission. */
function mergeByActions(permissions: readonly Permission[]): readonly Permission[] {
  const merged = new Map<string, Permission>();
  for (const permission of permissions) {
    const { actions, conditions } = permission;
    const key = JSON.stringify([actions, conditions ?? {}]);
    const known = merged.get(key);
    merged.set(key, {
      id: known?.id ?? `Limit${merged.size + 1}`,
      actions,
      resources: [...new Set([...(known?.resources ?? []), ...permission.resources])].sort(),
      wildcard: 'a limit for the roles of every service',
      conditions,
    });
  }
  return [...merged.values()];
}

/** ARN of the permissions boundary of the platform's roles, if the catalog names one. */
export function boundaryArn(platform: Platform): string | undefined {
  const { permissionsBoundary } = platform.pipeline;
  return permissionsBoundary === undefined ? undefined : arnsOf(platform).policy(permissionsBoundary);
}
