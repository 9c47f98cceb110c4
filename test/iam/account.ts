import type { Assembly } from '../pipeline/synthesize';
import { type Decision, evaluate } from './evaluate';
import { parsePolicy, type Statement } from './policy';
import { keyArn, requireEntry, resolver } from './resolve';

/** An AWS account with the resources of an assembly: roles with their permissions, and the policies of resources. */
export interface Account {
  readonly roles: ReadonlyMap<string, Role>;
  /** ARN of the key behind an alias. */
  readonly keys: ReadonlyMap<string, string>;
  may(role: string, action: string, resource: string, context?: Readonly<Record<string, string>>): Decision;
  /** Sorted names of the roles for which the decision is "allowed". */
  whoMay(action: string, resource: string, context?: Readonly<Record<string, string>>): readonly string[];
}

export interface Role {
  readonly arn: string;
  readonly permissions: readonly Statement[];
  readonly trust: readonly Statement[];
}

const account = '111111111111';
const region = 'eu-west-1';
/** Condition keys of every request. */
const defaultContext = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };

/** @param moreRoles policies of additional roles by name, such as an administrator */
export function accountOf(assembly: Assembly, moreRoles: Readonly<Record<string, object>> = {}): Account {
  const roles = new Map<string, Role>();
  const keys = new Map<string, string>();
  const resourcePolicies = new Map<string, readonly Statement[]>();
  for (const { Resources } of assembly.templates.values()) {
    const resolve = resolver(Resources);
    for (const [id, { Type, Properties }] of Object.entries(Resources)) {
      const properties = resolve(Properties ?? {}) as Record<string, unknown>;
      switch (Type) {
        case 'AWS::IAM::Role':
          roles.set(String(properties.RoleName), roleOf(properties));
          break;
        case 'AWS::IAM::Policy':
        case 'AWS::IAM::ManagedPolicy':
          throw new Error(`${id}: expected inline policies in the role, found a separate policy`);
        case 'AWS::KMS::Key':
          resourcePolicies.set(keyArn(id), parsePolicy(properties.KeyPolicy));
          break;
        case 'AWS::KMS::Alias':
          keys.set(String(properties.AliasName), String(properties.TargetKeyId));
          break;
        case 'AWS::S3::BucketPolicy':
          resourcePolicies.set(`arn:aws:s3:::${properties.Bucket}`, parsePolicy(properties.PolicyDocument));
          break;
        case 'AWS::ECR::Repository':
          if (properties.RepositoryPolicyText !== undefined) {
            resourcePolicies.set(
              `arn:aws:ecr:${region}:${account}:repository/${properties.RepositoryName}`,
              parsePolicy(properties.RepositoryPolicyText),
            );
          }
      }
    }
  }
  for (const [name, policy] of Object.entries(moreRoles)) {
    roles.set(name, { arn: roleArn(name), permissions: parsePolicy(policy), trust: [] });
  }
  const aliasesOf = (arn: string): Readonly<Record<string, string>> => {
    const aliases = [...keys].filter(([, key]) => key === arn).map(([alias]) => alias);
    return aliases.length === 0 ? {} : { 'kms:ResourceAliases': aliases.join(',') };
  };
  const may: Account['may'] = (role, action, resource, context = {}) => {
    const { arn, permissions } = requireEntry(roles, role);
    return evaluate(
      { principal: arn, action, resource, context: { ...defaultContext, ...aliasesOf(resource), ...context } },
      {
        identity: permissions,
        resource: resourcePolicies.get(resource) ?? resourcePolicies.get(resource.split('/')[0] as string) ?? [],
        resourceDecides: action.startsWith('kms:'),
      },
    );
  };
  return {
    roles,
    keys,
    may,
    whoMay: (action, resource, context) =>
      [...roles.keys()].filter((role) => may(role, action, resource, context) === 'allowed').sort(),
  };
}

function roleOf(properties: Record<string, unknown>): Role {
  const { RoleName, Policies = [], ManagedPolicyArns, AssumeRolePolicyDocument } = properties;
  if (ManagedPolicyArns !== undefined) {
    throw new Error(`${RoleName}: expected inline policies only, found a managed policy`);
  }
  return {
    arn: roleArn(String(RoleName)),
    permissions: (Policies as readonly { PolicyDocument: unknown }[]).flatMap(({ PolicyDocument }) =>
      parsePolicy(PolicyDocument),
    ),
    trust: parsePolicy(AssumeRolePolicyDocument),
  };
}

function roleArn(name: string): string {
  return `arn:aws:iam::${account}:role/${name}`;
}
