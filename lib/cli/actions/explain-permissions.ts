import { loadCatalog } from '../../catalog';
// Not the folder's index, which loads the CDK.
import { boundaryPolicy, deploymentPolicy, deploymentWildcards } from '../../pipeline/iam/deployment-permissions';
import { renderPermissionsPage, rolePermissions } from '../../pipeline/iam/permissions-table';
import { templatePermissions } from '../../pipeline/iam/template-permissions';
import { readTemplates } from '../read-templates';

interface PolicyOptions {
  readonly catalog: string;
  readonly json: boolean;
  /** ARN of the connection that builds pull requests, where the platform builds them. */
  readonly pullRequests?: string;
}

interface PermissionsOptions extends PolicyOptions {
  /** Folder that cdk synth wrote. @default what the catalog alone implies */
  readonly assembly?: string;
}

/** `bowline explain permissions` */
export function runExplainPermissions({ catalog, json, pullRequests, assembly }: PermissionsOptions): void {
  const expected = rolePermissions(loadCatalog(catalog), { pullRequestConnection: pullRequests });
  const roles = assembly === undefined ? expected : templatePermissions(readTemplates(assembly), expected);
  process.stdout.write(json ? `${JSON.stringify({ roles })}\n` : renderPermissionsPage(roles));
  if (!json && assembly === undefined) {
    process.stderr.write(
      `\nThese roles follow from the catalog${pullRequests === undefined ? ', without pull requests (--pull-requests)' : ''}. To include your own strategies and the permissions that your app adds, run "npx cdk synth --quiet" and give --assembly cdk.out.\n`,
    );
  }
}

/** `bowline explain boundary` */
export function runExplainBoundary({ catalog, json, pullRequests }: PolicyOptions): void {
  const { platform } = loadCatalog(catalog);
  const { permissionsBoundary } = platform.pipeline;
  process.stdout.write(`${JSON.stringify(boundaryPolicy(platform, pullRequests), null, json ? 0 : 2)}\n`);
  if (!json) {
    process.stderr.write(
      permissionsBoundary === undefined
        ? '\nCreate a managed policy from this document before the first deployment and name it in platform.yaml (pipeline.permissionsBoundary): every role gets it, and the deployment policy then creates no role without it.\n'
        : `\nThe document of the managed policy ${permissionsBoundary}. Create and update it by hand: a deployment cannot change it.\n`,
    );
  }
}

/** `bowline explain deployment` */
export function runExplainDeployment({ catalog, json, pullRequests }: PolicyOptions): void {
  const { platform } = loadCatalog(catalog);
  process.stdout.write(`${JSON.stringify(deploymentPolicy(platform, pullRequests), null, json ? 0 : 2)}\n`);
  if (!json) {
    const reasons = deploymentWildcards(platform).map(({ id, why }) => `  ${id}: ${why}\n`);
    const limit =
      platform.pipeline.permissionsBoundary === undefined
        ? 'A deployment with this policy can give any permission to the roles of the pipelines. Protect deployments as you protect merges, or set a permissions boundary ("bowline explain boundary").'
        : 'A deployment with this policy can give the roles of the pipelines any permission that their boundary allows. Protect deployments as you protect merges.';
    process.stderr.write(
      `\nFor "cdk bootstrap --cloudformation-execution-policies <ARN of this policy>", in place of administrator access.\nStatements with wildcards:\n${reasons.join('')}${limit}\n`,
    );
  }
}
