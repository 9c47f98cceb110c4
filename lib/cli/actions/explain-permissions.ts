import { loadCatalog } from '../../catalog';
// Not the folder's index, which loads CDK.
import { boundaryPolicy, deploymentPolicy, deploymentWildcards } from '../../pipeline/iam/deployment-permissions';
import { permissionsPage, rolePermissions } from '../../pipeline/iam/permissions-table';
import { templatePermissions } from '../../pipeline/iam/template-permissions';
import { readTemplates } from '../read-templates';

/**
 * `bowline explain permissions`, `bowline explain deployment` and `bowline explain boundary`
 * @param pullRequests ARN of the connection of pull requests, where they are built
 * @param assembly folder that cdk synth wrote: what is in its templates, in place of what the catalog alone says
 */
export function runExplainPermissions(
  directory: string,
  what: 'permissions' | 'deployment' | 'boundary',
  json: boolean,
  pullRequests?: string,
  assembly?: string,
): void {
  const catalog = loadCatalog(directory);
  if (what === 'permissions') {
    const ours = rolePermissions(catalog, undefined, undefined, pullRequests);
    const roles = assembly === undefined ? ours : templatePermissions(readTemplates(assembly), ours);
    process.stdout.write(json ? `${JSON.stringify({ roles })}\n` : permissionsPage(roles));
    if (!json && assembly === undefined) {
      process.stderr.write(
        `\nWhat the catalog says${pullRequests === undefined ? ', without pull requests (--pull-requests)' : ''}. Strategies of your own, and rights that your app adds, are in its templates: "npx cdk synth --quiet", then --assembly cdk.out.\n`,
      );
    }
    return;
  }
  if (what === 'boundary') {
    const { permissionsBoundary } = catalog.platform.pipeline;
    process.stdout.write(`${JSON.stringify(boundaryPolicy(catalog.platform, pullRequests), null, json ? 0 : 2)}\n`);
    if (!json) {
      process.stderr.write(
        permissionsBoundary === undefined
          ? '\nFor a managed policy, made by hand before the first deployment. Name it in platform.yaml (pipeline.permissionsBoundary): every role gets it, and the policy of deployments makes no role without it.\n'
          : `\nFor the managed policy ${permissionsBoundary}, made and changed by hand: whoever deploys may not change it.\n`,
      );
    }
    return;
  }
  process.stdout.write(`${JSON.stringify(deploymentPolicy(catalog.platform, pullRequests), null, json ? 0 : 2)}\n`);
  if (!json) {
    const reasons = deploymentWildcards(catalog.platform).map(({ id, why }) => `  ${id}: ${why}\n`);
    process.stderr.write(
      `\nFor "cdk bootstrap --cloudformation-execution-policies <its ARN>", in place of administrator access.\nNot named exactly:\n${reasons.join('')}${
        catalog.platform.pipeline.permissionsBoundary === undefined
          ? 'Who may deploy by it may give any right to the roles of the pipelines: guard that as you guard who can merge, or bound it ("bowline explain boundary").'
          : 'Who may deploy by it may give the roles of the pipelines what their boundary allows: guard that as you guard who can merge.'
      }\n`,
    );
  }
}
