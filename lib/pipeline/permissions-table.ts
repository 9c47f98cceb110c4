import type { Catalog } from '../catalog';
import { platformNames, serviceNames } from './names';
import type { Permission } from './permission';
import {
  buildPermissions,
  pipelinePermissions,
  promotePermissions,
  pushPermissions,
  scanPermissions,
  signPermissions,
  toolboxPermissions,
} from './permissions';

/** A role and all that it may do. */
export interface RolePermissions {
  readonly role: string;
  /** What takes the role. */
  readonly usedBy: string;
  readonly permissions: readonly Permission[];
}

/**
 * Every role of a platform, as the templates will have it: no synth is needed to know.
 * @param bundle where the bundle lies, and `context` what the toolbox is made from; before a deployment nobody knows their keys
 */
export function rolePermissions(
  { platform, services }: Catalog,
  bundle = { bucket: '(bucket of CDK assets)', key: '(bundle).zip' },
  context = { bucket: '(bucket of CDK assets)', key: '(toolbox).zip' },
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
      ];
    }),
  ];
}

/** The same as a page of Markdown: for `bowline explain permissions`. */
export function permissionsPage(catalog: Catalog): string {
  const cell = (texts: readonly string[]) => texts.map((text) => `\`${text}\``).join('<br>');
  return rolePermissions(catalog)
    .map(
      ({ role, usedBy, permissions }) => `## ${role}

Taken by ${usedBy}, and by nothing else.

| Right | Actions | Resources | Why not more exactly |
|---|---|---|---|
${permissions
  .map(
    ({ id, actions, resources, wildcard }) => `| ${id} | ${cell(actions)} | ${cell(resources)} | ${wildcard ?? ''} |`,
  )
  .join('\n')}
`,
    )
    .join('\n');
}
