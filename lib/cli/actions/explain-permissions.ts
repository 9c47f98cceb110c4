import { join } from 'node:path';
import { loadCatalog, type Platform } from '../../catalog';
import { partitionOf } from '../../pipeline/iam/arns';
// Not the folder's index, which loads the CDK.
import {
  boundaryPolicy,
  type DeploymentPolicy,
  deploymentPolicies,
  deploymentWildcards,
  managedPolicyLimit,
} from '../../pipeline/iam/deployment-permissions';
import { renderPermissionsPage, rolePermissions } from '../../pipeline/iam/permissions-table';
import { templatePermissions } from '../../pipeline/iam/template-permissions';
import { writeFileAtomic } from '../../process';
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

interface DeploymentOptions extends PolicyOptions {
  /** Folder to write the policies to. */
  readonly out?: string;
}

/** `bowline explain deployment` */
export function runExplainDeployment({ catalog, json, pullRequests, out }: DeploymentOptions): void {
  const { platform } = loadCatalog(catalog);
  const policies = deploymentPolicies(platform, pullRequests);
  if (out !== undefined) {
    for (const { name, document } of policies) {
      writeFileAtomic(join(out, `${name}.json`), `${JSON.stringify(document, null, 2)}\n`);
    }
  }
  if (json) {
    process.stdout.write(`${JSON.stringify({ policies })}\n`);
    return;
  }
  process.stdout.write(out === undefined ? `${policies.map(describePolicy).join('\n')}` : '');
  const reasons = deploymentWildcards(platform).map(({ id, why }) => `  ${id}: ${why}\n`);
  const limit =
    platform.pipeline.permissionsBoundary === undefined
      ? 'A deployment with these policies can give any permission to the roles of the pipelines. Protect deployments as you protect merges, or set a permissions boundary ("bowline explain boundary").'
      : 'A deployment with these policies can give the roles of the pipelines any permission that their boundary allows. Protect deployments as you protect merges.';
  process.stderr.write(
    `\n${nextSteps(policies, platform.pipeline, out)}\nStatements with wildcards:\n${reasons.join('')}${limit}\n`,
  );
}

function describePolicy({ name, document }: DeploymentPolicy): string {
  return `${name} (${JSON.stringify(document).length} of ${managedPolicyLimit} characters):\n${JSON.stringify(document, null, 2)}\n`;
}

/** What to do with the policies, which CloudFormation gets in place of administrator access. */
function nextSteps(
  policies: readonly DeploymentPolicy[],
  { account, region }: Platform['pipeline'],
  out: string | undefined,
): string {
  const arns = policies.map(({ name }) => `arn:${partitionOf(region)}:iam::${account}:policy/${name}`);
  return [
    'In place of administrator access:',
    ...(out === undefined
      ? ['  write the policies to files: bowline explain deployment --out policies']
      : policies.map(
          ({ name }) =>
            `  aws iam create-policy --policy-name ${name} --policy-document file://${join(out, `${name}.json`)}`,
        )),
    `  npx cdk bootstrap aws://${account}/${region} --cloudformation-execution-policies ${arns.join(',')}`,
    '',
  ].join('\n');
}
