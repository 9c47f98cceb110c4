import { loadCatalog } from '../catalog';
// Not the folder's index, which loads CDK.
import { deploymentPolicy, deploymentWildcards } from '../pipeline/deployment-permissions';
import { permissionsPage, rolePermissions } from '../pipeline/permissions-table';

/** `bowline explain permissions` and `bowline explain deployment` */
export function runExplainRights(directory: string, what: 'permissions' | 'deployment', json: boolean): void {
  const catalog = loadCatalog(directory);
  if (what === 'permissions') {
    process.stdout.write(json ? `${JSON.stringify({ roles: rolePermissions(catalog) })}\n` : permissionsPage(catalog));
    return;
  }
  process.stdout.write(`${JSON.stringify(deploymentPolicy(catalog.platform), null, json ? 0 : 2)}\n`);
  if (!json) {
    const reasons = deploymentWildcards(catalog.platform).map(({ id, why }) => `  ${id}: ${why}\n`);
    process.stderr.write(
      `\nFor "cdk bootstrap --cloudformation-execution-policies <its ARN>", in place of administrator access.\nNot named exactly:\n${reasons.join('')}Who may deploy by it may give rights to the roles of the pipelines: guard that as you guard who can merge.\n`,
    );
  }
}
