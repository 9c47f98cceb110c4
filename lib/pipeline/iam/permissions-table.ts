import type { Catalog } from '../../catalog';
import { roleEventsRegion } from '../monitoring/tamper-event-patterns';
import { platformNames, serviceNames } from '../names';
import type { Permission } from './permission';
import {
  pipelinePermissions,
  pullRequestPermissions,
  pushPermissions,
  roleEventsPermissions,
} from './pipeline-permissions';
import {
  buildPermissions,
  promotePermissions,
  scanPermissions,
  signPermissions,
  toolboxPermissions,
} from './step-permissions';

/** A role and all that it may do. */
export interface RolePermissions {
  readonly role: string;
  /** What takes the role. */
  readonly usedBy: string;
  readonly permissions: readonly Permission[];
}

/**
 * Every role of a platform with our own strategies, as the templates will have it: no synth is needed to know.
 * @param bundle where the bundle lies, and `context` what the toolbox is made from; before a deployment nobody knows their keys
 * @param pullRequests ARN of the connection of pull requests, where they are built: the catalog does not say it
 * @param roleEvents whether events on roles are sent on: the catalog does not say that either
 */
export function rolePermissions(
  { platform, services }: Catalog,
  bundle = { bucket: '(bucket of CDK assets)', key: '(bundle).zip' },
  context = { bucket: '(bucket of CDK assets)', key: '(toolbox).zip' },
  pullRequests?: string,
  roleEvents = false,
): readonly RolePermissions[] {
  const shared = platformNames(platform);
  const verb = (name: 'scan' | 'sign' | 'promote', permissions: readonly Permission[]): RolePermissions => ({
    role: shared.role(name),
    usedBy: `the project ${shared.project(name)}`,
    permissions,
  });
  return [
    {
      role: shared.toolbox.role,
      usedBy: `the project ${shared.toolbox.project}`,
      permissions: toolboxPermissions(platform, context),
    },
    verb('scan', scanPermissions(platform)),
    verb('sign', signPermissions(platform)),
    verb('promote', promotePermissions(platform)),
    ...(roleEvents
      ? [
          {
            role: shared.roleEvents,
            usedBy: `the rule ${shared.rules.rolesTampered} in ${roleEventsRegion(platform)}`,
            permissions: roleEventsPermissions(platform),
          },
        ]
      : []),
    ...services.flatMap((service): readonly RolePermissions[] => {
      const names = serviceNames(platform, service.name);
      return [
        {
          role: names.buildRole,
          usedBy: `the project ${names.buildProject}`,
          permissions: buildPermissions(platform, service),
        },
        {
          role: names.pipelineRole,
          usedBy: `the pipeline ${names.pipeline}`,
          permissions: pipelinePermissions(platform, service, bundle),
        },
        ...(platform.source.kind === 'codecommit'
          ? [
              {
                role: names.pushRole,
                usedBy: `the rule ${names.pushRule}`,
                permissions: pushPermissions(platform, service),
              },
            ]
          : []),
        ...(pullRequests === undefined
          ? []
          : [
              {
                role: names.pullRequestRole,
                usedBy: `the project ${names.pullRequestProject}`,
                permissions: pullRequestPermissions(platform, service, bundle, pullRequests),
              },
            ]),
      ];
    }),
  ];
}

/** Roles as a page of Markdown: for `bowline explain permissions`. */
export function renderPermissionsPage(roles: readonly RolePermissions[]): string {
  return roles
    .map(
      ({ role, usedBy, permissions }) => `## ${role}

Taken by ${usedBy}, and by nothing else.

| Right | Actions | Resources | Conditions | Why not more exactly |
|---|---|---|---|---|
${permissions.map(row).join('\n')}
`,
    )
    .join('\n');
}

function row({ id, actions, resources, conditions = {}, wildcard = '' }: Permission): string {
  const cell = (texts: readonly string[]) => texts.map((text) => `\`${text}\``).join('<br>');
  const conditionTexts = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `${operator} ${key}: ${[values].flat().join(', ')}`),
  );
  return `| ${id} | ${cell(actions)} | ${cell(resources)} | ${cell(conditionTexts)} | ${wildcard} |`;
}
