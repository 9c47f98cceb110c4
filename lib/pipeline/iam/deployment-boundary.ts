import { type Platform, serviceSchema } from '../../catalog';
import { binaryPlatforms } from '../../values';
import { arnsOf } from './arns';
import type { Permission } from './permission';
import { rolePermissions } from './permissions-table';
import { pullRequestPermissions, roleEventsPermissions } from './pipeline-permissions';

/** A name that stands for every service; short enough that CodePipeline cuts nothing of it. */
const any = 'zqz';

/**
 * The most that a role of ours may ever do: what all roles of any service do together. As a permissions boundary it takes the sting out of the
 * right to make roles: whoever deploys can give a role no more than this.
 * @param pullRequests ARN of the connection of pull requests, where they are built: the catalog does not say it
 */
export function boundaryPermissions(platform: Platform, pullRequests?: string): readonly Permission[] {
  const service = serviceSchema.parse({
    version: 1,
    name: any,
    team: any,
    // Of all that a service may have, what needs a right of its own.
    build: { binaries: binaryPlatforms.slice(0, 1) },
    source: { repository: platform.source.kind === 'codecommit' ? any : `${any}/${any}` },
  });
  const { account, region } = platform.pipeline;
  // The bucket of the CDK's assets: bundle and toolbox come out of it, under names that only a template knows.
  const assets = { bucket: `cdk-*-assets-${account}-${region}`, key: '*.zip' };
  const all = [
    ...rolePermissions({ platform, services: [service] }, assets, assets).flatMap(({ permissions }) => permissions),
    ...roleEventsPermissions(platform),
    ...(pullRequests === undefined ? [] : pullRequestPermissions(platform, service, assets, pullRequests)),
  ];
  const together = new Map<string, { readonly actions: Set<string>; readonly example: Permission }>();
  for (const permission of all) {
    for (const resource of permission.resources.map((text) => text.replaceAll(any, '*'))) {
      const { conditions, ...unconditional } = permission;
      // What is asked of one service is not asked of all.
      const bound: Permission = JSON.stringify(conditions ?? {}).includes(any) ? unconditional : permission;
      const key = JSON.stringify([resource, bound.conditions ?? {}]);
      const known = together.get(key) ?? { actions: new Set(), example: { ...bound, resources: [resource] } };
      for (const name of permission.actions) {
        known.actions.add(name);
      }
      together.set(key, known);
    }
  }
  // Resources that the same may be done to share a statement.
  const statements = new Map<string, Permission>();
  for (const { actions, example } of together.values()) {
    const sorted = [...actions].sort();
    const key = JSON.stringify([sorted, example.conditions ?? {}]);
    const known = statements.get(key);
    statements.set(key, {
      ...example,
      id: known?.id ?? `Most${statements.size + 1}`,
      actions: sorted,
      resources: [...new Set([...(known?.resources ?? []), ...example.resources])].sort(),
      wildcard: 'a bound for the roles of every service',
    });
  }
  return [...statements.values()];
}

/** ARN of the policy that bounds our roles, where the catalog names one. */
export function boundaryArn(platform: Platform): string | undefined {
  const { permissionsBoundary } = platform.pipeline;
  return permissionsBoundary === undefined ? undefined : arnsOf(platform).policy(permissionsBoundary);
}
