import type { Catalog, Platform, Service } from '../../catalog';
import { roleEventsRegion } from '../monitoring/tamper-event-patterns';
import { platformNames, type SharedStep, serviceNames } from '../names';
import type { Permission } from './permission';
import {
  pipelinePermissions,
  pullRequestPermissions,
  pushPermissions,
  roleEventsPermissions,
} from './pipeline-permissions';
import {
  listReleasesPermissions,
  rescanPermissions,
  rescanPipelinePermissions,
  rescanSchedulePermissions,
} from './rescan-permissions';
import {
  type BundleObjects,
  buildPermissions,
  type ObjectLocation,
  promotePermissions,
  scanPermissions,
  signPermissions,
  toolboxPermissions,
} from './step-permissions';

/** A role and all of its permissions. */
export interface RolePermissions {
  readonly role: string;
  /** The only project, pipeline or rule that uses the role. */
  readonly usedBy: string;
  readonly permissions: readonly Permission[];
}

/** What a deployment knows in addition to the catalog. */
export interface RolePermissionsOptions {
  /** Location of the bundle. @default a placeholder, because only a deployment knows it */
  readonly bundle?: BundleObjects;
  /** Location of the toolbox build context. @default a placeholder, because only a deployment knows it */
  readonly toolboxContext?: ObjectLocation;
  /** ARN of the connection of pull request builds. @default pull requests are not built */
  readonly pullRequestConnection?: string;
  /** Whether IAM events are forwarded to the region of the pipelines. @default false */
  readonly roleEvents?: boolean;
}

/** Only a deployment knows where the bundle is. */
const unknownBundle: BundleObjects = {
  bucket: '(bucket of CDK assets)',
  key: '(bundle).zip',
  catalogKey: '(catalog).zip',
};

/** Computes the permissions of every role of a platform with the built-in strategies, as the templates have them, without a synth. */
export function rolePermissions(catalog: Catalog, options: RolePermissionsOptions = {}): readonly RolePermissions[] {
  const { platform, services } = catalog;
  const {
    bundle = unknownBundle,
    toolboxContext = { bucket: '(bucket of CDK assets)', key: '(toolbox).zip' },
    roleEvents = false,
  } = options;
  const shared = platformNames(platform);
  const sharedRole = (step: SharedStep, permissions: readonly Permission[]): RolePermissions => ({
    role: shared.role(step),
    usedBy: `the project ${shared.project(step)}`,
    permissions,
  });
  const roles: RolePermissions[] = [
    {
      role: shared.toolbox.role,
      usedBy: `the project ${shared.toolbox.project}`,
      permissions: toolboxPermissions(platform, toolboxContext),
    },
    sharedRole('scan', scanPermissions(platform, services)),
    sharedRole('sign', signPermissions(platform)),
    sharedRole('promote', promotePermissions(platform)),
    ...rescanRoles(platform, bundle),
  ];
  if (roleEvents) {
    roles.push({
      role: shared.roleEvents,
      usedBy: `the rule ${shared.rules.rolesTampered} in ${roleEventsRegion(platform)}`,
      permissions: roleEventsPermissions(platform),
    });
  }
  for (const service of services) {
    roles.push(...serviceRoles(catalog, service, options));
  }
  return roles;
}

function rescanRoles(platform: Platform, bundle: BundleObjects): readonly RolePermissions[] {
  const { rescan } = platformNames(platform);
  return [
    {
      role: rescan.listRole,
      usedBy: `the project ${rescan.listProject}`,
      permissions: listReleasesPermissions(platform),
    },
    { role: rescan.role, usedBy: `the project ${rescan.project}`, permissions: rescanPermissions(platform) },
    {
      role: rescan.pipelineRole,
      usedBy: `the pipeline ${rescan.pipeline}`,
      permissions: rescanPipelinePermissions(platform, bundle),
    },
    {
      role: rescan.scheduleRole,
      usedBy: `the rule ${rescan.schedule}`,
      permissions: rescanSchedulePermissions(platform),
    },
  ];
}

function serviceRoles(
  { platform }: Catalog,
  service: Service,
  { bundle = unknownBundle, pullRequestConnection }: RolePermissionsOptions,
): readonly RolePermissions[] {
  const names = serviceNames(platform, service.name);
  const roles: RolePermissions[] = [
    {
      role: names.buildRole,
      usedBy: `the project ${names.buildProject}`,
      permissions: buildPermissions(platform, service),
    },
    {
      role: names.pipelineRole,
      usedBy: `the pipeline ${names.pipeline}`,
      permissions: pipelinePermissions({ platform, service, bundle }),
    },
  ];
  if (platform.source.kind === 'codecommit') {
    roles.push({
      role: names.pushRole,
      usedBy: `the rule ${names.pushRule}`,
      permissions: pushPermissions(platform, service),
    });
  }
  if (pullRequestConnection !== undefined) {
    roles.push({
      role: names.pullRequestRole,
      usedBy: `the project ${names.pullRequestProject}`,
      permissions: pullRequestPermissions({ platform, service, bundle, connection: pullRequestConnection }),
    });
  }
  return roles;
}

/** Renders roles as a Markdown page, for `bowline explain permissions`. */
export function renderPermissionsPage(roles: readonly RolePermissions[]): string {
  return roles
    .map(
      ({ role, usedBy, permissions }) => `## ${role}

Used only by ${usedBy}.

| Permission | Actions | Resources | Conditions | Reason for wildcards |
|---|---|---|---|---|
${permissions.map(renderRow).join('\n')}
`,
    )
    .join('\n');
}

function renderRow({ id, actions, resources, conditions = {}, wildcard = '' }: Permission): string {
  const conditionTexts: string[] = [];
  for (const [operator, keys] of Object.entries(conditions)) {
    for (const [key, values] of Object.entries(keys)) {
      conditionTexts.push(`${operator} ${key}: ${[values].flat().join(', ')}`);
    }
  }
  return `| ${id} | ${renderCell(actions)} | ${renderCell(resources)} | ${renderCell(conditionTexts)} | ${wildcard} |`;
}

function renderCell(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join('<br>');
}
